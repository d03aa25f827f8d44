import { startTcpFaultProxy, type FaultProxy } from '../tcp-fault-proxy.js';
import { CommitInspector, type CommitLoss } from './commit-inspector.js';

const POSTGRES_PORT = 5432;

export interface PostgresFaultProxy {
  /** For all that can go wrong with its connections. */
  readonly tcp: FaultProxy;
  /** The given one, by way of this proxy. */
  readonly databaseUrl: string;
  /**
   * The next COMMIT that succeeds, on any connection, is not heard of: the server commits, its answer is swallowed, and
   * the connection is reset. Once.
   */
  loseNextCommitAnswer(): void;
  /** How often that has happened. */
  readonly lostCommitAnswers: number;
  close(): Promise<void>;
}

/** Stands before PostgreSQL without TLS. Knows a COMMIT that is sent alone and not by the name of a prepared statement. */
export async function startPostgresFaultProxy({ databaseUrl }: { databaseUrl: string }): Promise<PostgresFaultProxy> {
  const { hostname, port } = new URL(databaseUrl);
  const loss: CommitLoss = { isWanted: false, count: 0 };
  const tcp = await startTcpFaultProxy({
    target: { host: hostname, port: Number(port || POSTGRES_PORT) },
    inspect: () => new CommitInspector(loss),
  });
  return {
    tcp,
    databaseUrl: tcp.through(databaseUrl),
    loseNextCommitAnswer: () => {
      loss.isWanted = true;
    },
    get lostCommitAnswers() {
      return loss.count;
    },
    close: () => tcp.close(),
  };
}
