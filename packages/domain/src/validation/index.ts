export { parseAuditFilterTexts } from './parse-audit-filter.js';
export { type CreateJobLimits } from './create-job-limits.js';
export { type InputIssue, type InputPath, InputRefused } from './issue.js';
export { parseCancelReason } from './parse-cancel-reason.js';
export { parseCommand } from './parse-command.js';
export { type NewApiKeyRequest, parseCreateApiKey } from './parse-create-api-key.js';
export { parseCreateJob, type ParsedCreateJob } from './parse-create-job.js';
export { imageReference, registryHost } from './parse-image.js';
export {
  type InstanceTypeChange,
  type NewInstanceType,
  type NodeToleration,
  parseInstanceType,
  parseInstanceTypeChange,
} from './parse-instance-type.js';
export { parseJobFilterTexts } from './parse-job-filter.js';
export { type NewOrganization, parseCreateOrganization, parseUpdateOrganization } from './parse-organization.js';
export { parsePlacementPlan } from './parse-placement-plan.js';
export {
  type ClusterChange,
  type ClusterRegistration,
  isNamespaceTemplate,
  parseClusterChange,
  parseRegisterCluster,
} from './parse-register-cluster.js';
export { parseRequestedPlacement } from './parse-requested-placement.js';
export { parseRerunJob, type ParsedRerunJob } from './parse-rerun-job.js';
export { isStorable } from './text.js';
