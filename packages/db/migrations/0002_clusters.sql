ALTER TABLE "clusters" ADD COLUMN "draining_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "clusters" ADD COLUMN "forgotten_at" timestamp (3) with time zone;