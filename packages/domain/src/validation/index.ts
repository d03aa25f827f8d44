export { type CreateJobLimits } from './create-job-limits.js';
export { type InputIssue, type InputPath, InputRefused } from './issue.js';
export { parseCommand } from './parse-command.js';
export { parseCreateJob, type ParsedCreateJob } from './parse-create-job.js';
export { imageReference, registryHost } from './parse-image.js';
export { type NewInstanceType, type NodeToleration, parseInstanceType } from './parse-instance-type.js';
export { type ClusterRegistration, parseRegisterCluster } from './parse-register-cluster.js';
export { parseRequestedPlacement } from './parse-requested-placement.js';
export { parseRerunJob, type ParsedRerunJob } from './parse-rerun-job.js';
