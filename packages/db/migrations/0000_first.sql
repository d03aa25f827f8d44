CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"secret_hash" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_secret_hash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
CREATE TABLE "cluster_leases" (
	"cluster_id" text PRIMARY KEY NOT NULL,
	"epoch" integer NOT NULL,
	"holder" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clusters" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text,
	"name" text NOT NULL,
	"display_name" text NOT NULL,
	"region" text NOT NULL,
	"provider" text,
	"namespace" text NOT NULL,
	"draining" boolean DEFAULT false NOT NULL,
	"autoscaling" boolean DEFAULT false NOT NULL,
	"kubernetes_version" text NOT NULL,
	"system_uid" text NOT NULL,
	"credentials" "bytea" NOT NULL,
	"reader_credentials" "bytea" NOT NULL,
	"last_seen_at" timestamp (3) with time zone,
	"unreachable_since" timestamp (3) with time zone,
	"unreachable_message" text,
	"capacity" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"removed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "instance_types" (
	"id" text PRIMARY KEY NOT NULL,
	"cluster_id" text NOT NULL,
	"name" text NOT NULL,
	"gpu_type" text,
	"gpu_count" integer NOT NULL,
	"gpu_memory_mib" integer,
	"accelerator_resource" text NOT NULL,
	"cpu_millicores" integer NOT NULL,
	"memory_mib" integer NOT NULL,
	"shared_memory_mib" integer NOT NULL,
	"price_per_hour_cents" integer NOT NULL,
	"node_selector" jsonb NOT NULL,
	"tolerations" jsonb NOT NULL,
	"room" integer,
	"room_when_empty" integer,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"removed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "job_events" (
	"job_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"type" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"message" text NOT NULL,
	"status" text NOT NULL,
	"pod_id" text,
	"pod_status" text,
	CONSTRAINT "job_events_job_id_sequence_pk" PRIMARY KEY("job_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"organization_id" text NOT NULL,
	"request_id" text NOT NULL,
	"input_hash" "bytea" NOT NULL,
	"job_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job_deletions" (
	"job_id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"deleted_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job_secrets" (
	"job_id" text PRIMARY KEY NOT NULL,
	"sealed" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL,
	"name" text NOT NULL,
	"spec" jsonb NOT NULL,
	"has_image_pull_secret" boolean NOT NULL,
	"warnings" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"rerun_of" text,
	"inherited" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"state" jsonb NOT NULL,
	"status" text NOT NULL,
	"cluster_id" text,
	"instance_type_id" text,
	"kubernetes_uid" text,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"succeeded_indexes" text DEFAULT '' NOT NULL,
	"running_indexes" text DEFAULT '' NOT NULL,
	"failed_indexes" text DEFAULT '' NOT NULL,
	"pending_count" integer NOT NULL,
	"running_count" integer DEFAULT 0 NOT NULL,
	"succeeded_count" integer DEFAULT 0 NOT NULL,
	"failed_count" integer DEFAULT 0 NOT NULL,
	"cancelled_count" integer DEFAULT 0 NOT NULL,
	"live_pods" integer DEFAULT 0 NOT NULL,
	"event_sequence" integer NOT NULL,
	"epoch" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"due_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"updated_xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"past_statuses" text[] DEFAULT '{}' NOT NULL,
	"past_cluster_ids" text[] DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_chunks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "log_chunks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job_id" text NOT NULL,
	"pod_id" text NOT NULL,
	"first_number" integer NOT NULL,
	"line_count" integer NOT NULL,
	"body" "bytea" NOT NULL,
	"stored_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_streams" (
	"pod_id" text PRIMARY KEY NOT NULL,
	"job_id" text NOT NULL,
	"position" jsonb NOT NULL,
	"lines" integer NOT NULL,
	"bytes" bigint NOT NULL,
	"stored_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"max_gpus" integer,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "organizations_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "pods" (
	"id" text PRIMARY KEY NOT NULL,
	"job_id" text NOT NULL,
	"cluster_id" text NOT NULL,
	"uid" text NOT NULL,
	"name" text NOT NULL,
	"index" integer NOT NULL,
	"attempt" integer NOT NULL,
	"status" text NOT NULL,
	"reason" jsonb,
	"exit_code" integer,
	"node_name" text,
	"image_digest" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"log_complete" boolean NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cluster_leases" ADD CONSTRAINT "cluster_leases_cluster_id_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."clusters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clusters" ADD CONSTRAINT "clusters_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instance_types" ADD CONSTRAINT "instance_types_cluster_id_clusters_id_fk" FOREIGN KEY ("cluster_id") REFERENCES "public"."clusters"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_events" ADD CONSTRAINT "job_events_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_deletions" ADD CONSTRAINT "job_deletions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_secrets" ADD CONSTRAINT "job_secrets_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "log_chunks" ADD CONSTRAINT "log_chunks_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "log_streams" ADD CONSTRAINT "log_streams_pod_id_pods_id_fk" FOREIGN KEY ("pod_id") REFERENCES "public"."pods"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pods" ADD CONSTRAINT "pods_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_organization" ON "api_keys" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "clusters_identity" ON "clusters" USING btree ("system_uid","namespace") WHERE "clusters"."removed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "clusters_name" ON "clusters" USING btree (coalesce("organization_id", ''),"name") WHERE "clusters"."removed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "instance_types_name" ON "instance_types" USING btree ("cluster_id","name") WHERE "instance_types"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "job_events_age" ON "job_events" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "idempotency_keys_request" ON "idempotency_keys" USING btree ("organization_id","request_id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "job_deletions_updates" ON "job_deletions" USING btree ("organization_id","updated_xid","job_id");--> statement-breakpoint
CREATE INDEX "job_deletions_age" ON "job_deletions" USING btree ("deleted_at");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_name" ON "jobs" USING btree ("organization_id","name") WHERE "jobs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "jobs_listing" ON "jobs" USING btree ("organization_id","created_at","id","status","cluster_id","created_by","name") WHERE "jobs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "jobs_updates" ON "jobs" USING btree ("organization_id","updated_xid","id") WHERE "jobs"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "jobs_due" ON "jobs" USING btree ("due_at") WHERE "jobs"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "jobs_in_line" ON "jobs" USING btree ("created_at","id") WHERE "jobs"."status" = 'QUEUED' and "jobs"."cluster_id" is null;--> statement-breakpoint
CREATE INDEX "jobs_on_cluster" ON "jobs" USING btree ("cluster_id","id") WHERE "jobs"."cluster_id" is not null and "jobs"."finished_at" is null;--> statement-breakpoint
CREATE INDEX "log_chunks_job" ON "log_chunks" USING btree ("job_id","id");--> statement-breakpoint
CREATE INDEX "log_chunks_pod" ON "log_chunks" USING btree ("pod_id","id");--> statement-breakpoint
CREATE INDEX "log_streams_kept" ON "log_streams" USING btree ("stored_at") WHERE "log_streams"."bytes" > 0;--> statement-breakpoint
CREATE UNIQUE INDEX "pods_uid" ON "pods" USING btree ("cluster_id","uid");--> statement-breakpoint
CREATE UNIQUE INDEX "pods_attempt" ON "pods" USING btree ("job_id","index","attempt");--> statement-breakpoint
CREATE INDEX "pods_listing" ON "pods" USING btree ("job_id","created_at","id");