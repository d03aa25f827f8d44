import { passing, type Inspector, type Verdict } from '../inspector.js';
import { MessageSplitter, type PostgresMessage } from './message-splitter.js';

/** Versions of the first message that ask for encryption, and are answered with one byte: TLS, GSSAPI. */
const ENCRYPTION_REQUESTS = [80877103, 80877104];
const COMMIT = /^\s*(commit|end)\b/i;

/** What the connections through one proxy are to lose. */
export interface CommitLoss {
  /** Takes it: the answer to the next COMMIT, of whichever connection comes first. */
  isWanted: boolean;
  count: number;
}

/** Follows one unencrypted connection far enough to know the answer to a COMMIT. */
export class CommitInspector implements Inspector {
  readonly #loss: CommitLoss;
  readonly #fromClient = new MessageSplitter();
  readonly #fromServer = new MessageSplitter();
  #isSetUp = false;
  #encryptionAnswers = 0;
  /** The answer to a COMMIT is being waited for, and this of it has come. */
  #heldBack: Buffer[] | undefined;

  constructor(loss: CommitLoss) {
    this.#loss = loss;
  }

  toServer(chunk: Buffer): Verdict {
    for (const message of this.#fromClient.push(chunk, () => this.#isSetUp)) this.#hear(message);
    return passing(chunk);
  }

  toClient(chunk: Buffer): Verdict {
    const passed: Buffer[] = [];
    const skipped = chunk.subarray(0, this.#encryptionAnswers);
    passed.push(skipped);
    this.#encryptionAnswers -= skipped.length;
    for (const message of this.#fromServer.push(chunk.subarray(skipped.length), () => true)) {
      if (this.#isLost(message)) {
        this.#loss.count += 1;
        return { passed: Buffer.concat(passed), breaksOff: true };
      }
      passed.push(...this.#released(message));
    }
    return passing(Buffer.concat(passed));
  }

  #hear(message: PostgresMessage): void {
    if (!this.#isSetUp) {
      const isEncryptionRequest = ENCRYPTION_REQUESTS.includes(message.payload.readInt32BE(0));
      if (isEncryptionRequest) this.#encryptionAnswers += 1;
      this.#isSetUp = !isEncryptionRequest;
      return;
    }
    if (!this.#loss.isWanted || !COMMIT.test(statementOf(message))) return;
    this.#loss.isWanted = false;
    this.#heldBack = [];
  }

  #isLost({ type, payload }: PostgresMessage): boolean {
    return this.#heldBack !== undefined && type === 'C' && payload.toString('latin1').startsWith('COMMIT');
  }

  /** Where nothing was committed, all goes on, and the next COMMIT is waited for. */
  #released({ type, bytes }: PostgresMessage): Buffer[] {
    if (this.#heldBack === undefined) return [bytes];
    this.#heldBack.push(bytes);
    if (type !== 'Z') return [];
    const released = this.#heldBack;
    this.#heldBack = undefined;
    this.#loss.isWanted = true;
    return released;
  }
}

/** The SQL of a simple query or of one that is prepared; empty for all else. */
function statementOf({ type, payload }: PostgresMessage): string {
  const texts = payload.toString('utf8').split('\0');
  if (type === 'Q') return texts[0] ?? '';
  return type === 'P' ? (texts[1] ?? '') : '';
}
