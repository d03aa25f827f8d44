/** A Kubernetes cluster of the environment, wherever it came from. */
export interface EnvironmentCluster {
  name: string;
  region: string;
  /** Absolute path of a kubeconfig with admin rights. */
  kubeconfigPath: string;
  /** The user's own, so the same one at every start; ours are made anew under the same names. */
  isGiven?: boolean;
  /** kill -9 and start again, for fault tests; only where the API server is a process of ours. */
  restartApiServer?: () => Promise<void>;
}

/** An image as `createJob` names it. */
export interface ImageName {
  /** Without a tag: `127.0.0.1:25000/busybox` */
  url: string;
  tag: string;
}

/** Clusters with images that their nodes can pull. */
export interface ClustersWithImages {
  clusters: EnvironmentCluster[];
  image: ImageName;
  /** Other content than `image`, behind a password; null where the clusters cannot reach a registry of ours. */
  privateImage: (ImageName & { username: string; password: string }) | null;
}
