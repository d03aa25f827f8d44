-- no transaction
DROP INDEX CONCURRENTLY IF EXISTS "jobs_reserving";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_reserving" ON "jobs" USING btree ("instance_type_id") WHERE "jobs"."cluster_id" is not null and "jobs"."finished_at" is null and "jobs"."state" ->> 'phase' in ('PLACED', 'ARMED') and coalesce("jobs"."state" ->> 'want', 'RUN') = 'RUN';
