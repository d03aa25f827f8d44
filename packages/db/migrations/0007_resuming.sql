-- no transaction
DROP INDEX CONCURRENTLY IF EXISTS "jobs_resuming";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_resuming" ON "jobs" USING btree ("created_at","id") WHERE "jobs"."due_at" is not null and "jobs"."cluster_id" is not null and "jobs"."finished_at" is null
    and "jobs"."state" ->> 'resuming' = 'true';
