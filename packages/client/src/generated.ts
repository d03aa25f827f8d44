/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type AnnotationInput = {
  /** A qualified name of Kubernetes; each once */
  readonly key: string;
  readonly value: string;
};

export type AuditLogFilter = {
  readonly operation?: string | null | undefined;
  /** OPERATOR; null: ADMIN the caller's own, OPERATOR all */
  readonly organizationId?: string | null | undefined;
  readonly outcome?: string | null | undefined;
  readonly principalId?: string | null | undefined;
  /** Later than this */
  readonly recordedAfter?: string | null | undefined;
  /** Earlier than this */
  readonly recordedBefore?: string | null | undefined;
  readonly targetId?: string | null | undefined;
};

/** A kubeconfig's text, or its parts */
export type ClusterCredentialsInput = {
  readonly bearerToken?: string | null | undefined;
  readonly caCertificate?: string | null | undefined;
  readonly clientCertificate?: string | null | undefined;
  readonly clientKey?: string | null | undefined;
  readonly kubeconfig?: string | null | undefined;
  readonly server?: string | null | undefined;
  readonly tlsServerName?: string | null | undefined;
};

export type ClusterStatus =
  | 'DRAINING'
  | 'HEALTHY'
  | 'UNREACHABLE';

export type CreateApiKeyInput = {
  /** In the future; null: never */
  readonly expiresAt?: string | null | undefined;
  /** 1 to 100 characters; stands in `createdBy` of what is made with the key */
  readonly name: string;
  /** OPERATOR; null: the caller's own */
  readonly organizationId?: string | null | undefined;
  /** At most the caller's own */
  readonly role: Role;
};

export type CreateInstanceTypeInput = {
  readonly acceleratorResource?: string;
  readonly clusterId: string;
  readonly cpuMillicores: number;
  readonly gpuCount: number;
  readonly gpuMemoryMiB?: number | null | undefined;
  readonly gpuType?: string | null | undefined;
  readonly memoryMiB: number;
  readonly name: string;
  readonly nodeSelector?: ReadonlyArray<AnnotationInput>;
  readonly pricePerHourCents: number;
  /** Size of /dev/shm; half of the memory if not given */
  readonly sharedMemoryMiB?: number | null | undefined;
  readonly tolerations?: ReadonlyArray<TolerationInput>;
};

/** `null` means the default everywhere. All that is wrong comes in one error, BAD_USER_INPUT, with `extensions.issues`: `[{ path, code, message }]`. */
export type CreateJobInput = {
  /** Seconds from release to the cluster, waiting there included; from 0 again after a resume. 1 to 2,147,483,647 */
  readonly activeDeadlineSeconds?: number | null | undefined;
  /** On the Kubernetes Job, not on its pods. At most 1,000, of 64 KiB together, none under a prefix that is or ends in kubernetes.io, k8s.io or ccluster.io */
  readonly annotations?: ReadonlyArray<AnnotationInput> | null | undefined;
  /** Retries of the whole job, not per index: one failed pod more ends it. 0 to 2,147,483,647 */
  readonly backoffLimit?: number | null | undefined;
  /** Split like a POSIX shell splits words, by quotes and backslashes, but without a shell: what only a shell could do is refused. Empty: the image's own entrypoint. At most 64 KiB */
  readonly command?: string | null | undefined;
  /** Instead of `command`: the words as the container gets them; at most 10,000, of 64 KiB together */
  readonly commandArgv?: ReadonlyArray<string> | null | undefined;
  /** 1 to 100,000 */
  readonly completions?: number | null | undefined;
  /** false: nothing of the output is read or kept */
  readonly enableLogging?: boolean | null | undefined;
  /** At most 1,000, with values of 256 KiB together */
  readonly env?: ReadonlyArray<EnvironmentVariableInput> | null | undefined;
  readonly imagePullSecret?: ImagePullSecretInput | null | undefined;
  /** A tag, or a digest `sha256:…` */
  readonly imageTag: string;
  /** OCI repository, `[host[:port]/]path`, without scheme, tag or digest; at most 255 characters */
  readonly imageUrl: string;
  /** 1 to 20 lower-case letters, digits and hyphens, the first a letter, the last no hyphen; unique among the jobs of the organization that are not deleted */
  readonly name: string;
  /** 1 to completions, and at most what the installation allows: 1,000 by default */
  readonly parallelism?: number | null | undefined;
  readonly placement?: PlacementInput | null | undefined;
  /** Idempotency key, 1 to 128 characters, kept 7 days */
  readonly requestId?: string | null | undefined;
};

export type CreateOrganizationInput = {
  /** GPUs its jobs may hold at once; null: no limit */
  readonly maxGpus?: number | null | undefined;
  /** Unique; 1 to 100 characters */
  readonly name: string;
};

export type EnvironmentVariableInput = {
  /** Letters, digits and underscores, the first no digit, at most 253; each name once. JOB_COMPLETION_INDEX and JOB_COMPLETIONS are reserved */
  readonly name: string;
  /** Write-only: the value is never given back */
  readonly secret?: boolean;
  /** Reaches the container byte for byte; at most 32 KiB of UTF-8, no NUL */
  readonly value: string;
};

/** For the registry of imageUrl, Docker Hub where it names none. Both parts, or neither: two empty ones mean none. */
export type ImagePullSecretInput = {
  readonly password: string;
  readonly username: string;
};

export type JobEventType =
  | 'CANCEL_REQUESTED'
  | 'CREATED'
  | 'DISPATCHED'
  | 'FINISHED'
  | 'PLACED'
  | 'POD_CHANGED'
  | 'RESUME_REQUESTED'
  | 'SNAPSHOT'
  | 'STATUS_CHANGED'
  | 'SUSPEND_REQUESTED';

export type JobFilter = {
  readonly clusterId?: string | null | undefined;
  /** Later than this */
  readonly createdAfter?: string | null | undefined;
  /** Earlier than this */
  readonly createdBefore?: string | null | undefined;
  readonly createdBy?: string | null | undefined;
  /** These characters, as they are */
  readonly nameContains?: string | null | undefined;
  /** Any of these; an empty list: any */
  readonly statuses?: ReadonlyArray<JobStatus> | null | undefined;
};

export type JobOrder =
  | 'CREATED_AT_ASC'
  | 'CREATED_AT_DESC';

export type JobStatus =
  | 'CANCELLED'
  | 'CANCELLING'
  | 'FAILED'
  /** The outcome is decided; pods are ending or logs are being drained */
  | 'FINISHING'
  /** Accepted, not yet on a cluster; `reason` says what it waits for */
  | 'QUEUED'
  | 'RUNNING'
  /** On a cluster, no container has run yet */
  | 'STARTING'
  | 'SUCCEEDED'
  | 'SUSPENDED';

export type JobUpdateKind =
  /** Whether or not it matched the filter */
  | 'DELETED'
  /** It does not match the filter, and may have done so before */
  | 'LEFT_FILTER'
  /** It matches the filter */
  | 'UPSERT';

/** All of it is optional: the user's own choice, or what an offer must satisfy, or nothing (any offer). */
export type PlacementInput = {
  /** One that is not draining */
  readonly clusterId?: string | null | undefined;
  /** Any of these; an empty list: any */
  readonly gpuTypes?: ReadonlyArray<string> | null | undefined;
  /** One of that cluster, where both are given */
  readonly instanceTypeId?: string | null | undefined;
  /** US cents per replica and hour */
  readonly maxPricePerHourCents?: number | null | undefined;
  /** Per replica */
  readonly minGpuCount?: number | null | undefined;
  /** Any of these; an empty list: any */
  readonly regions?: ReadonlyArray<string> | null | undefined;
};

export type PodStatus =
  | 'FAILED'
  | 'LOST'
  | 'PENDING'
  | 'RUNNING'
  | 'SUCCEEDED';

export type RegisterClusterInput = {
  readonly autoscaling?: boolean;
  readonly credentials: ClusterCredentialsInput;
  readonly displayName?: string | null | undefined;
  readonly managed?: boolean;
  /** Lower case, digits, hyphens; unique for its owner */
  readonly name: string;
  /** On a managed cluster, where each organization has its own: a template with `{organization}` */
  readonly namespace: string;
  readonly provider?: string | null | undefined;
  /** Read-only ones for the watcher; the same as `credentials` if not given */
  readonly readerCredentials?: ClusterCredentialsInput | null | undefined;
  readonly region: string;
};

export type RerunJobInput = {
  /** Of the new job */
  readonly name: string;
  /** Run only the tasks that did not succeed, under their own indexes */
  readonly onlyFailed?: boolean;
  /** As was asked for before, if not given */
  readonly placement?: PlacementInput | null | undefined;
  /** Idempotency key, 1 to 128 characters, kept 7 days */
  readonly requestId?: string | null | undefined;
};

/** Each includes those before it, in its own organization; OPERATOR is installation-wide */
export type Role =
  | 'ADMIN'
  | 'OPERATOR'
  | 'SUBMITTER'
  | 'VIEWER';

export type TaskStatus =
  /** Stopped, or never run, because the job ended */
  | 'CANCELLED'
  /** Its last attempt failed and no retry comes */
  | 'FAILED'
  /** Includes waiting for a retry */
  | 'PENDING'
  | 'RUNNING'
  | 'SUCCEEDED';

export type TolerationInput = {
  readonly effect?: string | null | undefined;
  readonly key: string;
  readonly value?: string | null | undefined;
};

export type UpdateOrganizationInput = {
  /** null: no limit; not given: as before */
  readonly maxGpus?: number | null | undefined;
};

export type ReasonFieldsFragment = { readonly code: string, readonly message: string, readonly since: string };

export type PodFieldsFragment = { readonly id: string, readonly name: string, readonly index: number, readonly attempt: number, readonly status: PodStatus, readonly exitCode: number | null, readonly nodeName: string | null, readonly imageDigest: string | null, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly logComplete: boolean, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null };

export type JobFieldsFragment = { readonly id: string, readonly name: string, readonly status: JobStatus, readonly imageUrl: string, readonly imageTag: string, readonly hasImagePullSecret: boolean, readonly command: string | null, readonly argv: ReadonlyArray<string>, readonly completions: number, readonly parallelism: number, readonly backoffLimit: number, readonly activeDeadlineSeconds: number | null, readonly enableLogging: boolean, readonly createdAt: string, readonly createdBy: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly eventCursor: string, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null, readonly warnings: ReadonlyArray<{ readonly code: string, readonly message: string }>, readonly env: ReadonlyArray<{ readonly name: string, readonly value: string | null, readonly secret: boolean }>, readonly annotations: ReadonlyArray<{ readonly key: string, readonly value: string }>, readonly placement: { readonly clusterName: string, readonly instanceTypeName: string, readonly decidedAt: string, readonly explanation: string } | null, readonly counts: { readonly pending: number, readonly running: number, readonly succeeded: number, readonly failed: number, readonly cancelled: number }, readonly rerunOf: { readonly id: string, readonly name: string } | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { readonly viewer: { readonly principal: string, readonly role: Role, readonly organization: { readonly id: string, readonly name: string, readonly maxGpus: number | null } } };

export type JobQueryVariables = Exact<{
  id: string;
}>;


export type JobQuery = { readonly job: { readonly id: string, readonly name: string, readonly status: JobStatus, readonly imageUrl: string, readonly imageTag: string, readonly hasImagePullSecret: boolean, readonly command: string | null, readonly argv: ReadonlyArray<string>, readonly completions: number, readonly parallelism: number, readonly backoffLimit: number, readonly activeDeadlineSeconds: number | null, readonly enableLogging: boolean, readonly createdAt: string, readonly createdBy: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly eventCursor: string, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null, readonly warnings: ReadonlyArray<{ readonly code: string, readonly message: string }>, readonly env: ReadonlyArray<{ readonly name: string, readonly value: string | null, readonly secret: boolean }>, readonly annotations: ReadonlyArray<{ readonly key: string, readonly value: string }>, readonly placement: { readonly clusterName: string, readonly instanceTypeName: string, readonly decidedAt: string, readonly explanation: string } | null, readonly counts: { readonly pending: number, readonly running: number, readonly succeeded: number, readonly failed: number, readonly cancelled: number }, readonly rerunOf: { readonly id: string, readonly name: string } | null } | null };

export type JobByNameQueryVariables = Exact<{
  name: string;
}>;


export type JobByNameQuery = { readonly jobByName: { readonly id: string, readonly name: string, readonly status: JobStatus, readonly imageUrl: string, readonly imageTag: string, readonly hasImagePullSecret: boolean, readonly command: string | null, readonly argv: ReadonlyArray<string>, readonly completions: number, readonly parallelism: number, readonly backoffLimit: number, readonly activeDeadlineSeconds: number | null, readonly enableLogging: boolean, readonly createdAt: string, readonly createdBy: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly eventCursor: string, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null, readonly warnings: ReadonlyArray<{ readonly code: string, readonly message: string }>, readonly env: ReadonlyArray<{ readonly name: string, readonly value: string | null, readonly secret: boolean }>, readonly annotations: ReadonlyArray<{ readonly key: string, readonly value: string }>, readonly placement: { readonly clusterName: string, readonly instanceTypeName: string, readonly decidedAt: string, readonly explanation: string } | null, readonly counts: { readonly pending: number, readonly running: number, readonly succeeded: number, readonly failed: number, readonly cancelled: number }, readonly rerunOf: { readonly id: string, readonly name: string } | null } | null };

export type JobsQueryVariables = Exact<{
  filter?: JobFilter | null | undefined;
  orderBy?: JobOrder;
  first?: number;
  after?: string | null | undefined;
}>;


export type JobsQuery = { readonly jobs: { readonly totalCount: number, readonly updatesCursor: string, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly name: string, readonly status: JobStatus, readonly imageUrl: string, readonly imageTag: string, readonly hasImagePullSecret: boolean, readonly command: string | null, readonly argv: ReadonlyArray<string>, readonly completions: number, readonly parallelism: number, readonly backoffLimit: number, readonly activeDeadlineSeconds: number | null, readonly enableLogging: boolean, readonly createdAt: string, readonly createdBy: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly eventCursor: string, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null, readonly warnings: ReadonlyArray<{ readonly code: string, readonly message: string }>, readonly env: ReadonlyArray<{ readonly name: string, readonly value: string | null, readonly secret: boolean }>, readonly annotations: ReadonlyArray<{ readonly key: string, readonly value: string }>, readonly placement: { readonly clusterName: string, readonly instanceTypeName: string, readonly decidedAt: string, readonly explanation: string } | null, readonly counts: { readonly pending: number, readonly running: number, readonly succeeded: number, readonly failed: number, readonly cancelled: number }, readonly rerunOf: { readonly id: string, readonly name: string } | null } }> } };

export type JobUpdatesCursorQueryVariables = Exact<{ [key: string]: never; }>;


export type JobUpdatesCursorQuery = { readonly jobs: { readonly updatesCursor: string } };

export type JobTasksQueryVariables = Exact<{
  id: string;
  status?: TaskStatus | null | undefined;
  first?: number;
  after?: string | null | undefined;
}>;


export type JobTasksQuery = { readonly job: { readonly tasks: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly edges: ReadonlyArray<{ readonly node: { readonly index: number, readonly status: TaskStatus, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null, readonly inheritedFrom: { readonly id: string, readonly name: string } | null, readonly attempts: ReadonlyArray<{ readonly id: string, readonly name: string, readonly index: number, readonly attempt: number, readonly status: PodStatus, readonly exitCode: number | null, readonly nodeName: string | null, readonly imageDigest: string | null, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly logComplete: boolean, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null }> } }> } } | null };

export type ClustersQueryVariables = Exact<{ [key: string]: never; }>;


export type ClustersQuery = { readonly clusters: ReadonlyArray<{ readonly id: string, readonly name: string, readonly region: string, readonly status: ClusterStatus, readonly capacity: ReadonlyArray<{ readonly gpuType: string, readonly total: number, readonly free: number }>, readonly instanceTypes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly gpuType: string | null, readonly gpuCount: number, readonly pricePerHourCents: number, readonly room: number | null }> }> };

export type CreateJobMutationVariables = Exact<{
  input: CreateJobInput;
}>;


export type CreateJobMutation = { readonly createJob: { readonly id: string, readonly name: string, readonly status: JobStatus, readonly imageUrl: string, readonly imageTag: string, readonly hasImagePullSecret: boolean, readonly command: string | null, readonly argv: ReadonlyArray<string>, readonly completions: number, readonly parallelism: number, readonly backoffLimit: number, readonly activeDeadlineSeconds: number | null, readonly enableLogging: boolean, readonly createdAt: string, readonly createdBy: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly eventCursor: string, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null, readonly warnings: ReadonlyArray<{ readonly code: string, readonly message: string }>, readonly env: ReadonlyArray<{ readonly name: string, readonly value: string | null, readonly secret: boolean }>, readonly annotations: ReadonlyArray<{ readonly key: string, readonly value: string }>, readonly placement: { readonly clusterName: string, readonly instanceTypeName: string, readonly decidedAt: string, readonly explanation: string } | null, readonly counts: { readonly pending: number, readonly running: number, readonly succeeded: number, readonly failed: number, readonly cancelled: number }, readonly rerunOf: { readonly id: string, readonly name: string } | null } };

export type CancelJobMutationVariables = Exact<{
  id: string;
  reason?: string | null | undefined;
}>;


export type CancelJobMutation = { readonly cancelJob: { readonly id: string, readonly name: string, readonly status: JobStatus, readonly imageUrl: string, readonly imageTag: string, readonly hasImagePullSecret: boolean, readonly command: string | null, readonly argv: ReadonlyArray<string>, readonly completions: number, readonly parallelism: number, readonly backoffLimit: number, readonly activeDeadlineSeconds: number | null, readonly enableLogging: boolean, readonly createdAt: string, readonly createdBy: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly eventCursor: string, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null, readonly warnings: ReadonlyArray<{ readonly code: string, readonly message: string }>, readonly env: ReadonlyArray<{ readonly name: string, readonly value: string | null, readonly secret: boolean }>, readonly annotations: ReadonlyArray<{ readonly key: string, readonly value: string }>, readonly placement: { readonly clusterName: string, readonly instanceTypeName: string, readonly decidedAt: string, readonly explanation: string } | null, readonly counts: { readonly pending: number, readonly running: number, readonly succeeded: number, readonly failed: number, readonly cancelled: number }, readonly rerunOf: { readonly id: string, readonly name: string } | null } };

export type SuspendJobMutationVariables = Exact<{
  id: string;
}>;


export type SuspendJobMutation = { readonly suspendJob: { readonly id: string, readonly name: string, readonly status: JobStatus, readonly imageUrl: string, readonly imageTag: string, readonly hasImagePullSecret: boolean, readonly command: string | null, readonly argv: ReadonlyArray<string>, readonly completions: number, readonly parallelism: number, readonly backoffLimit: number, readonly activeDeadlineSeconds: number | null, readonly enableLogging: boolean, readonly createdAt: string, readonly createdBy: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly eventCursor: string, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null, readonly warnings: ReadonlyArray<{ readonly code: string, readonly message: string }>, readonly env: ReadonlyArray<{ readonly name: string, readonly value: string | null, readonly secret: boolean }>, readonly annotations: ReadonlyArray<{ readonly key: string, readonly value: string }>, readonly placement: { readonly clusterName: string, readonly instanceTypeName: string, readonly decidedAt: string, readonly explanation: string } | null, readonly counts: { readonly pending: number, readonly running: number, readonly succeeded: number, readonly failed: number, readonly cancelled: number }, readonly rerunOf: { readonly id: string, readonly name: string } | null } };

export type ResumeJobMutationVariables = Exact<{
  id: string;
}>;


export type ResumeJobMutation = { readonly resumeJob: { readonly id: string, readonly name: string, readonly status: JobStatus, readonly imageUrl: string, readonly imageTag: string, readonly hasImagePullSecret: boolean, readonly command: string | null, readonly argv: ReadonlyArray<string>, readonly completions: number, readonly parallelism: number, readonly backoffLimit: number, readonly activeDeadlineSeconds: number | null, readonly enableLogging: boolean, readonly createdAt: string, readonly createdBy: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly eventCursor: string, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null, readonly warnings: ReadonlyArray<{ readonly code: string, readonly message: string }>, readonly env: ReadonlyArray<{ readonly name: string, readonly value: string | null, readonly secret: boolean }>, readonly annotations: ReadonlyArray<{ readonly key: string, readonly value: string }>, readonly placement: { readonly clusterName: string, readonly instanceTypeName: string, readonly decidedAt: string, readonly explanation: string } | null, readonly counts: { readonly pending: number, readonly running: number, readonly succeeded: number, readonly failed: number, readonly cancelled: number }, readonly rerunOf: { readonly id: string, readonly name: string } | null } };

export type RerunJobMutationVariables = Exact<{
  id: string;
  input: RerunJobInput;
}>;


export type RerunJobMutation = { readonly rerunJob: { readonly id: string, readonly name: string, readonly status: JobStatus, readonly imageUrl: string, readonly imageTag: string, readonly hasImagePullSecret: boolean, readonly command: string | null, readonly argv: ReadonlyArray<string>, readonly completions: number, readonly parallelism: number, readonly backoffLimit: number, readonly activeDeadlineSeconds: number | null, readonly enableLogging: boolean, readonly createdAt: string, readonly createdBy: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly eventCursor: string, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null, readonly warnings: ReadonlyArray<{ readonly code: string, readonly message: string }>, readonly env: ReadonlyArray<{ readonly name: string, readonly value: string | null, readonly secret: boolean }>, readonly annotations: ReadonlyArray<{ readonly key: string, readonly value: string }>, readonly placement: { readonly clusterName: string, readonly instanceTypeName: string, readonly decidedAt: string, readonly explanation: string } | null, readonly counts: { readonly pending: number, readonly running: number, readonly succeeded: number, readonly failed: number, readonly cancelled: number }, readonly rerunOf: { readonly id: string, readonly name: string } | null } };

export type DeleteJobMutationVariables = Exact<{
  id: string;
}>;


export type DeleteJobMutation = { readonly deleteJob: string };

export type RegisterClusterMutationVariables = Exact<{
  input: RegisterClusterInput;
}>;


export type RegisterClusterMutation = { readonly registerCluster: { readonly id: string, readonly name: string, readonly status: ClusterStatus } };

export type CreateInstanceTypeMutationVariables = Exact<{
  input: CreateInstanceTypeInput;
}>;


export type CreateInstanceTypeMutation = { readonly createInstanceType: { readonly id: string, readonly name: string } };

export type JobEventsSubscriptionVariables = Exact<{
  jobId: string;
  after?: string | null | undefined;
}>;


export type JobEventsSubscription = { readonly jobEvents: { readonly cursor: string, readonly type: JobEventType, readonly at: string, readonly message: string, readonly status: JobStatus, readonly podStatus: PodStatus | null, readonly pod: { readonly id: string, readonly name: string, readonly index: number, readonly attempt: number, readonly status: PodStatus, readonly exitCode: number | null, readonly nodeName: string | null, readonly imageDigest: string | null, readonly createdAt: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly logComplete: boolean, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null } | null } };

export type JobUpdatesSubscriptionVariables = Exact<{
  filter?: JobFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type JobUpdatesSubscription = { readonly jobUpdates: { readonly cursor: string, readonly kind: JobUpdateKind, readonly jobId: string, readonly job: { readonly id: string, readonly name: string, readonly status: JobStatus, readonly imageUrl: string, readonly imageTag: string, readonly hasImagePullSecret: boolean, readonly command: string | null, readonly argv: ReadonlyArray<string>, readonly completions: number, readonly parallelism: number, readonly backoffLimit: number, readonly activeDeadlineSeconds: number | null, readonly enableLogging: boolean, readonly createdAt: string, readonly createdBy: string, readonly startedAt: string | null, readonly finishedAt: string | null, readonly eventCursor: string, readonly reason: { readonly code: string, readonly message: string, readonly since: string } | null, readonly warnings: ReadonlyArray<{ readonly code: string, readonly message: string }>, readonly env: ReadonlyArray<{ readonly name: string, readonly value: string | null, readonly secret: boolean }>, readonly annotations: ReadonlyArray<{ readonly key: string, readonly value: string }>, readonly placement: { readonly clusterName: string, readonly instanceTypeName: string, readonly decidedAt: string, readonly explanation: string } | null, readonly counts: { readonly pending: number, readonly running: number, readonly succeeded: number, readonly failed: number, readonly cancelled: number }, readonly rerunOf: { readonly id: string, readonly name: string } | null } | null } };

export type JobLogsSubscriptionVariables = Exact<{
  jobId: string;
  podId?: string | null | undefined;
  index?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type JobLogsSubscription = { readonly jobLogs: { readonly cursor: string, readonly lines: ReadonlyArray<{ readonly podId: string, readonly index: number, readonly attempt: number, readonly number: number, readonly at: string, readonly text: string, readonly continued: boolean, readonly gapBefore: { readonly lines: number | null, readonly code: string, readonly message: string } | null }> } };

export type OrganizationsQueryVariables = Exact<{ [key: string]: never; }>;


export type OrganizationsQuery = { readonly organizations: ReadonlyArray<{ readonly id: string, readonly name: string, readonly maxGpus: number | null }> };

export type CreateOrganizationMutationVariables = Exact<{
  input: CreateOrganizationInput;
}>;


export type CreateOrganizationMutation = { readonly createOrganization: { readonly id: string, readonly name: string, readonly maxGpus: number | null } };

export type UpdateOrganizationMutationVariables = Exact<{
  id: string;
  input: UpdateOrganizationInput;
}>;


export type UpdateOrganizationMutation = { readonly updateOrganization: { readonly id: string, readonly name: string, readonly maxGpus: number | null } };

export type ApiKeyFieldsFragment = { readonly id: string, readonly name: string, readonly role: Role, readonly createdAt: string, readonly createdBy: string, readonly expiresAt: string | null, readonly lastUsedAt: string | null, readonly revokedAt: string | null };

export type ApiKeysQueryVariables = Exact<{
  organizationId?: string | null | undefined;
}>;


export type ApiKeysQuery = { readonly apiKeys: ReadonlyArray<{ readonly id: string, readonly name: string, readonly role: Role, readonly createdAt: string, readonly createdBy: string, readonly expiresAt: string | null, readonly lastUsedAt: string | null, readonly revokedAt: string | null }> };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { readonly createApiKey: { readonly secret: string, readonly apiKey: { readonly id: string, readonly name: string, readonly role: Role, readonly createdAt: string, readonly createdBy: string, readonly expiresAt: string | null, readonly lastUsedAt: string | null, readonly revokedAt: string | null } } };

export type RevokeApiKeyMutationVariables = Exact<{
  id: string;
}>;


export type RevokeApiKeyMutation = { readonly revokeApiKey: string };

export type AuditLogQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
  filter?: AuditLogFilter | null | undefined;
}>;


export type AuditLogQuery = { readonly auditLog: { readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: { readonly id: string, readonly at: string, readonly organizationId: string, readonly principalId: string, readonly principal: string, readonly role: Role, readonly operation: string, readonly targetId: string | null, readonly outcome: string, readonly requestId: string } }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const ReasonFieldsFragmentDoc = new TypedDocumentString(`
    fragment ReasonFields on StatusReason {
  code
  message
  since
}
    `, {"fragmentName":"ReasonFields"}) as unknown as TypedDocumentString<ReasonFieldsFragment, unknown>;
export const PodFieldsFragmentDoc = new TypedDocumentString(`
    fragment PodFields on Pod {
  id
  name
  index
  attempt
  status
  reason {
    ...ReasonFields
  }
  exitCode
  nodeName
  imageDigest
  createdAt
  startedAt
  finishedAt
  logComplete
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}`, {"fragmentName":"PodFields"}) as unknown as TypedDocumentString<PodFieldsFragment, unknown>;
export const JobFieldsFragmentDoc = new TypedDocumentString(`
    fragment JobFields on Job {
  id
  name
  status
  reason {
    ...ReasonFields
  }
  warnings {
    code
    message
  }
  imageUrl
  imageTag
  hasImagePullSecret
  command
  argv
  completions
  parallelism
  backoffLimit
  activeDeadlineSeconds
  enableLogging
  env {
    name
    value
    secret
  }
  annotations {
    key
    value
  }
  placement {
    clusterName
    instanceTypeName
    decidedAt
    explanation
  }
  counts {
    pending
    running
    succeeded
    failed
    cancelled
  }
  createdAt
  createdBy
  startedAt
  finishedAt
  rerunOf {
    id
    name
  }
  eventCursor
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}`, {"fragmentName":"JobFields"}) as unknown as TypedDocumentString<JobFieldsFragment, unknown>;
export const ApiKeyFieldsFragmentDoc = new TypedDocumentString(`
    fragment ApiKeyFields on ApiKey {
  id
  name
  role
  createdAt
  createdBy
  expiresAt
  lastUsedAt
  revokedAt
}
    `, {"fragmentName":"ApiKeyFields"}) as unknown as TypedDocumentString<ApiKeyFieldsFragment, unknown>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    principal
    role
    organization {
      id
      name
      maxGpus
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const JobDocument = new TypedDocumentString(`
    query Job($id: ID!) {
  job(id: $id) {
    ...JobFields
  }
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}
fragment JobFields on Job {
  id
  name
  status
  reason {
    ...ReasonFields
  }
  warnings {
    code
    message
  }
  imageUrl
  imageTag
  hasImagePullSecret
  command
  argv
  completions
  parallelism
  backoffLimit
  activeDeadlineSeconds
  enableLogging
  env {
    name
    value
    secret
  }
  annotations {
    key
    value
  }
  placement {
    clusterName
    instanceTypeName
    decidedAt
    explanation
  }
  counts {
    pending
    running
    succeeded
    failed
    cancelled
  }
  createdAt
  createdBy
  startedAt
  finishedAt
  rerunOf {
    id
    name
  }
  eventCursor
}`) as unknown as TypedDocumentString<JobQuery, JobQueryVariables>;
export const JobByNameDocument = new TypedDocumentString(`
    query JobByName($name: String!) {
  jobByName(name: $name) {
    ...JobFields
  }
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}
fragment JobFields on Job {
  id
  name
  status
  reason {
    ...ReasonFields
  }
  warnings {
    code
    message
  }
  imageUrl
  imageTag
  hasImagePullSecret
  command
  argv
  completions
  parallelism
  backoffLimit
  activeDeadlineSeconds
  enableLogging
  env {
    name
    value
    secret
  }
  annotations {
    key
    value
  }
  placement {
    clusterName
    instanceTypeName
    decidedAt
    explanation
  }
  counts {
    pending
    running
    succeeded
    failed
    cancelled
  }
  createdAt
  createdBy
  startedAt
  finishedAt
  rerunOf {
    id
    name
  }
  eventCursor
}`) as unknown as TypedDocumentString<JobByNameQuery, JobByNameQueryVariables>;
export const JobsDocument = new TypedDocumentString(`
    query Jobs($filter: JobFilter, $orderBy: JobOrder! = CREATED_AT_DESC, $first: Int! = 50, $after: String) {
  jobs(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount
    updatesCursor
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      cursor
      node {
        ...JobFields
      }
    }
  }
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}
fragment JobFields on Job {
  id
  name
  status
  reason {
    ...ReasonFields
  }
  warnings {
    code
    message
  }
  imageUrl
  imageTag
  hasImagePullSecret
  command
  argv
  completions
  parallelism
  backoffLimit
  activeDeadlineSeconds
  enableLogging
  env {
    name
    value
    secret
  }
  annotations {
    key
    value
  }
  placement {
    clusterName
    instanceTypeName
    decidedAt
    explanation
  }
  counts {
    pending
    running
    succeeded
    failed
    cancelled
  }
  createdAt
  createdBy
  startedAt
  finishedAt
  rerunOf {
    id
    name
  }
  eventCursor
}`) as unknown as TypedDocumentString<JobsQuery, JobsQueryVariables>;
export const JobUpdatesCursorDocument = new TypedDocumentString(`
    query JobUpdatesCursor {
  jobs(first: 0) {
    updatesCursor
  }
}
    `) as unknown as TypedDocumentString<JobUpdatesCursorQuery, JobUpdatesCursorQueryVariables>;
export const JobTasksDocument = new TypedDocumentString(`
    query JobTasks($id: ID!, $status: TaskStatus, $first: Int! = 100, $after: String) {
  job(id: $id) {
    tasks(status: $status, first: $first, after: $after) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          index
          status
          reason {
            ...ReasonFields
          }
          inheritedFrom {
            id
            name
          }
          attempts {
            ...PodFields
          }
        }
      }
    }
  }
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}
fragment PodFields on Pod {
  id
  name
  index
  attempt
  status
  reason {
    ...ReasonFields
  }
  exitCode
  nodeName
  imageDigest
  createdAt
  startedAt
  finishedAt
  logComplete
}`) as unknown as TypedDocumentString<JobTasksQuery, JobTasksQueryVariables>;
export const ClustersDocument = new TypedDocumentString(`
    query Clusters {
  clusters {
    id
    name
    region
    status
    capacity {
      gpuType
      total
      free
    }
    instanceTypes {
      id
      name
      gpuType
      gpuCount
      pricePerHourCents
      room
    }
  }
}
    `) as unknown as TypedDocumentString<ClustersQuery, ClustersQueryVariables>;
export const CreateJobDocument = new TypedDocumentString(`
    mutation CreateJob($input: CreateJobInput!) {
  createJob(input: $input) {
    ...JobFields
  }
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}
fragment JobFields on Job {
  id
  name
  status
  reason {
    ...ReasonFields
  }
  warnings {
    code
    message
  }
  imageUrl
  imageTag
  hasImagePullSecret
  command
  argv
  completions
  parallelism
  backoffLimit
  activeDeadlineSeconds
  enableLogging
  env {
    name
    value
    secret
  }
  annotations {
    key
    value
  }
  placement {
    clusterName
    instanceTypeName
    decidedAt
    explanation
  }
  counts {
    pending
    running
    succeeded
    failed
    cancelled
  }
  createdAt
  createdBy
  startedAt
  finishedAt
  rerunOf {
    id
    name
  }
  eventCursor
}`) as unknown as TypedDocumentString<CreateJobMutation, CreateJobMutationVariables>;
export const CancelJobDocument = new TypedDocumentString(`
    mutation CancelJob($id: ID!, $reason: String) {
  cancelJob(id: $id, reason: $reason) {
    ...JobFields
  }
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}
fragment JobFields on Job {
  id
  name
  status
  reason {
    ...ReasonFields
  }
  warnings {
    code
    message
  }
  imageUrl
  imageTag
  hasImagePullSecret
  command
  argv
  completions
  parallelism
  backoffLimit
  activeDeadlineSeconds
  enableLogging
  env {
    name
    value
    secret
  }
  annotations {
    key
    value
  }
  placement {
    clusterName
    instanceTypeName
    decidedAt
    explanation
  }
  counts {
    pending
    running
    succeeded
    failed
    cancelled
  }
  createdAt
  createdBy
  startedAt
  finishedAt
  rerunOf {
    id
    name
  }
  eventCursor
}`) as unknown as TypedDocumentString<CancelJobMutation, CancelJobMutationVariables>;
export const SuspendJobDocument = new TypedDocumentString(`
    mutation SuspendJob($id: ID!) {
  suspendJob(id: $id) {
    ...JobFields
  }
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}
fragment JobFields on Job {
  id
  name
  status
  reason {
    ...ReasonFields
  }
  warnings {
    code
    message
  }
  imageUrl
  imageTag
  hasImagePullSecret
  command
  argv
  completions
  parallelism
  backoffLimit
  activeDeadlineSeconds
  enableLogging
  env {
    name
    value
    secret
  }
  annotations {
    key
    value
  }
  placement {
    clusterName
    instanceTypeName
    decidedAt
    explanation
  }
  counts {
    pending
    running
    succeeded
    failed
    cancelled
  }
  createdAt
  createdBy
  startedAt
  finishedAt
  rerunOf {
    id
    name
  }
  eventCursor
}`) as unknown as TypedDocumentString<SuspendJobMutation, SuspendJobMutationVariables>;
export const ResumeJobDocument = new TypedDocumentString(`
    mutation ResumeJob($id: ID!) {
  resumeJob(id: $id) {
    ...JobFields
  }
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}
fragment JobFields on Job {
  id
  name
  status
  reason {
    ...ReasonFields
  }
  warnings {
    code
    message
  }
  imageUrl
  imageTag
  hasImagePullSecret
  command
  argv
  completions
  parallelism
  backoffLimit
  activeDeadlineSeconds
  enableLogging
  env {
    name
    value
    secret
  }
  annotations {
    key
    value
  }
  placement {
    clusterName
    instanceTypeName
    decidedAt
    explanation
  }
  counts {
    pending
    running
    succeeded
    failed
    cancelled
  }
  createdAt
  createdBy
  startedAt
  finishedAt
  rerunOf {
    id
    name
  }
  eventCursor
}`) as unknown as TypedDocumentString<ResumeJobMutation, ResumeJobMutationVariables>;
export const RerunJobDocument = new TypedDocumentString(`
    mutation RerunJob($id: ID!, $input: RerunJobInput!) {
  rerunJob(id: $id, input: $input) {
    ...JobFields
  }
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}
fragment JobFields on Job {
  id
  name
  status
  reason {
    ...ReasonFields
  }
  warnings {
    code
    message
  }
  imageUrl
  imageTag
  hasImagePullSecret
  command
  argv
  completions
  parallelism
  backoffLimit
  activeDeadlineSeconds
  enableLogging
  env {
    name
    value
    secret
  }
  annotations {
    key
    value
  }
  placement {
    clusterName
    instanceTypeName
    decidedAt
    explanation
  }
  counts {
    pending
    running
    succeeded
    failed
    cancelled
  }
  createdAt
  createdBy
  startedAt
  finishedAt
  rerunOf {
    id
    name
  }
  eventCursor
}`) as unknown as TypedDocumentString<RerunJobMutation, RerunJobMutationVariables>;
export const DeleteJobDocument = new TypedDocumentString(`
    mutation DeleteJob($id: ID!) {
  deleteJob(id: $id)
}
    `) as unknown as TypedDocumentString<DeleteJobMutation, DeleteJobMutationVariables>;
export const RegisterClusterDocument = new TypedDocumentString(`
    mutation RegisterCluster($input: RegisterClusterInput!) {
  registerCluster(input: $input) {
    id
    name
    status
  }
}
    `) as unknown as TypedDocumentString<RegisterClusterMutation, RegisterClusterMutationVariables>;
export const CreateInstanceTypeDocument = new TypedDocumentString(`
    mutation CreateInstanceType($input: CreateInstanceTypeInput!) {
  createInstanceType(input: $input) {
    id
    name
  }
}
    `) as unknown as TypedDocumentString<CreateInstanceTypeMutation, CreateInstanceTypeMutationVariables>;
export const JobEventsDocument = new TypedDocumentString(`
    subscription JobEvents($jobId: ID!, $after: String) {
  jobEvents(jobId: $jobId, after: $after) {
    cursor
    type
    at
    message
    status
    podStatus
    pod {
      ...PodFields
    }
  }
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}
fragment PodFields on Pod {
  id
  name
  index
  attempt
  status
  reason {
    ...ReasonFields
  }
  exitCode
  nodeName
  imageDigest
  createdAt
  startedAt
  finishedAt
  logComplete
}`) as unknown as TypedDocumentString<JobEventsSubscription, JobEventsSubscriptionVariables>;
export const JobUpdatesDocument = new TypedDocumentString(`
    subscription JobUpdates($filter: JobFilter, $after: String) {
  jobUpdates(filter: $filter, after: $after) {
    cursor
    kind
    jobId
    job {
      ...JobFields
    }
  }
}
    fragment ReasonFields on StatusReason {
  code
  message
  since
}
fragment JobFields on Job {
  id
  name
  status
  reason {
    ...ReasonFields
  }
  warnings {
    code
    message
  }
  imageUrl
  imageTag
  hasImagePullSecret
  command
  argv
  completions
  parallelism
  backoffLimit
  activeDeadlineSeconds
  enableLogging
  env {
    name
    value
    secret
  }
  annotations {
    key
    value
  }
  placement {
    clusterName
    instanceTypeName
    decidedAt
    explanation
  }
  counts {
    pending
    running
    succeeded
    failed
    cancelled
  }
  createdAt
  createdBy
  startedAt
  finishedAt
  rerunOf {
    id
    name
  }
  eventCursor
}`) as unknown as TypedDocumentString<JobUpdatesSubscription, JobUpdatesSubscriptionVariables>;
export const JobLogsDocument = new TypedDocumentString(`
    subscription JobLogs($jobId: ID!, $podId: ID, $index: Int, $after: String) {
  jobLogs(jobId: $jobId, podId: $podId, index: $index, after: $after) {
    cursor
    lines {
      podId
      index
      attempt
      number
      at
      text
      continued
      gapBefore {
        lines
        code
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<JobLogsSubscription, JobLogsSubscriptionVariables>;
export const OrganizationsDocument = new TypedDocumentString(`
    query Organizations {
  organizations {
    id
    name
    maxGpus
  }
}
    `) as unknown as TypedDocumentString<OrganizationsQuery, OrganizationsQueryVariables>;
export const CreateOrganizationDocument = new TypedDocumentString(`
    mutation CreateOrganization($input: CreateOrganizationInput!) {
  createOrganization(input: $input) {
    id
    name
    maxGpus
  }
}
    `) as unknown as TypedDocumentString<CreateOrganizationMutation, CreateOrganizationMutationVariables>;
export const UpdateOrganizationDocument = new TypedDocumentString(`
    mutation UpdateOrganization($id: ID!, $input: UpdateOrganizationInput!) {
  updateOrganization(id: $id, input: $input) {
    id
    name
    maxGpus
  }
}
    `) as unknown as TypedDocumentString<UpdateOrganizationMutation, UpdateOrganizationMutationVariables>;
export const ApiKeysDocument = new TypedDocumentString(`
    query ApiKeys($organizationId: ID) {
  apiKeys(organizationId: $organizationId) {
    ...ApiKeyFields
  }
}
    fragment ApiKeyFields on ApiKey {
  id
  name
  role
  createdAt
  createdBy
  expiresAt
  lastUsedAt
  revokedAt
}`) as unknown as TypedDocumentString<ApiKeysQuery, ApiKeysQueryVariables>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    apiKey {
      ...ApiKeyFields
    }
    secret
  }
}
    fragment ApiKeyFields on ApiKey {
  id
  name
  role
  createdAt
  createdBy
  expiresAt
  lastUsedAt
  revokedAt
}`) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($id: ID!) {
  revokeApiKey(id: $id)
}
    `) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const AuditLogDocument = new TypedDocumentString(`
    query AuditLog($first: Int! = 50, $after: String, $filter: AuditLogFilter) {
  auditLog(first: $first, after: $after, filter: $filter) {
    edges {
      cursor
      node {
        id
        at
        organizationId
        principalId
        principal
        role
        operation
        targetId
        outcome
        requestId
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<AuditLogQuery, AuditLogQueryVariables>;