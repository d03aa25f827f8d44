-- no transaction
DROP INDEX CONCURRENTLY IF EXISTS "jobs_in_line_by_kind";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "jobs_in_line_by_kind" ON "jobs" USING btree ("organization_id",md5("spec" ->> 'requestedPlacement'),greatest(greatest(least(("spec" ->> 'parallelism')::int, ("spec" ->> 'completions')::int - "succeeded_count"), 0) - "live_pods", 0),"created_at","id") WHERE "jobs"."status" = 'QUEUED' and "jobs"."cluster_id" is null and coalesce("jobs"."state" -> 'reason' ->> 'code', '')
    not in ('QUOTA_EXCEEDED', 'KUBERNETES_NAME_TAKEN', 'INHERITANCE_REFUSED', 'SECRETS_UNREADABLE');