ALTER TABLE "jobs" ADD COLUMN "traceparent" varchar(55);--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "traced_at" timestamp (3) with time zone;