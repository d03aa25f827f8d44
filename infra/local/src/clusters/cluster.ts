import type { Component } from '../support/component.js';
import type { Faults } from '../support/faults.js';

/** A Kubernetes cluster of the environment, wherever it came from. */
export interface EnvironmentCluster {
  name: string;
  region: string;
  /** Absolute path of a kubeconfig with admin rights. */
  kubeconfigPath: string;
  /** The user's own, so the same one at every start; ours are made anew under the same names. */
  isGiven?: boolean;
  /** Only where the cluster is made of processes of ours. */
  processes?: ClusterProcesses;
}

/** A cluster's processes on this machine. */
export interface ClusterProcesses {
  /** Absolute path of the API server's audit log; `audit-policy.ts` says what is in it. */
  auditLog: string;
  /** Under which its pods reach a process of this machine. */
  hostAddress: string;
  /** What can be done to each part, by its name: `etcd`, `api-server`… */
  faults: Readonly<Record<string, Faults>>;
  /** What a simulator of nodes needs: a folder, and rights. */
  simulator: { dir: string; kubeconfigPath: string };
  /** Adds a program that talks to the cluster: what it remembers must not outlive etcd's data, so it is started anew with it. */
  addClient: (client: Component) => void;
  /** Adds what has to be done again whenever etcd was emptied or put back; done in this order. */
  onNewData: (prepare: () => Promise<void>) => void;
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
