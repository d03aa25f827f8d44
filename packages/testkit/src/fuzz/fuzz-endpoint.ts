import fc from 'fast-check';
import type { GraphQLSchema } from 'graphql';
import { choicesFrom, type Choices } from './choices.js';
import { generateDocument, type GeneratedRequest } from './generate-document.js';
import { mutateBytes } from './mutate-bytes.js';
import { sendOverHttp, sendOverSocket, type FuzzTarget } from './send-fuzz.js';
import type { Judgement } from './judge-answer.js';

/** Every so many of the grammatical ones go over a socket. */
const SOCKET_SHARE = 5;
const AT_ONCE = 8;

export interface FuzzOptions extends FuzzTarget {
  readonly schema: GraphQLSchema;
  readonly documents: number;
  /** The same seed, the same documents. */
  readonly seed: number;
}

export interface FuzzReport {
  readonly seed: number;
  /** How many of each kind. */
  readonly sent: Readonly<Record<string, number>>;
  /** How many answers of each code. */
  readonly answers: Readonly<Record<string, number>>;
  /** What should not have been answered to what. */
  readonly findings: readonly { readonly index: number; readonly wrong: string; readonly sent: string }[];
}

/** Sends documents, half of them of the schema's grammar and half with mutated bytes, and judges each answer. */
export async function fuzzEndpoint(options: FuzzOptions): Promise<FuzzReport> {
  const { schema, documents, seed } = options;
  const tape = fc.array(fc.nat(), { minLength: 40, maxLength: 400, size: 'max' });
  const tapes = fc.sample(tape, { numRuns: documents, seed });
  const sent: Record<string, number> = {};
  const answers: Record<string, number> = {};
  const findings: FuzzReport['findings'][number][] = [];
  const sendOne = async (numbers: number[], index: number): Promise<void> => {
    const choices = choicesFrom(numbers);
    const request = generateDocument(schema, choices);
    const mutated = index % 2 === 1;
    const overSocket = index % SOCKET_SHARE === 0;
    const bytes = mutated ? mutateRequest(request, choicesFrom(numbers.toReversed())) : bytesOf(request);
    const kind = `${mutated ? 'mutated' : 'grammatical'} over ${overSocket ? 'sockets' : 'HTTP'}`;
    sent[kind] = (sent[kind] ?? 0) + 1;
    const judgement: Judgement = await (overSocket ? sendOverSocket : sendOverHttp)(options, bytes).catch(
      (error: unknown) => ({ code: 'none', wrong: `no answer: ${String(error)}` }),
    );
    answers[judgement.code] = (answers[judgement.code] ?? 0) + 1;
    if (judgement.wrong !== undefined) findings.push({ index, wrong: judgement.wrong, sent: bytes.toString('utf8') });
  };
  for (let begin = 0; begin < tapes.length; begin += AT_ONCE) {
    await Promise.all(tapes.slice(begin, begin + AT_ONCE).map((numbers, i) => sendOne(numbers, begin + i)));
  }
  return { seed, sent, answers, findings };
}

function bytesOf(request: GeneratedRequest): Buffer {
  return Buffer.from(JSON.stringify(request));
}

/** Half of them in their documents, so that these come as far as GraphQL's parser. */
function mutateRequest(request: GeneratedRequest, choices: Choices): Buffer {
  if (choices.chance(50)) return mutateBytes(bytesOf(request), choices);
  return bytesOf({ ...request, query: mutateBytes(Buffer.from(request.query), choices).toString('utf8') });
}

/** The report in three lines, and its first findings. */
export function describeFuzz({ seed, sent, answers, findings }: FuzzReport): string {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  return [
    `fuzz: seed ${seed}, sent ${list(sent)}`,
    `      answered ${list(answers)}`,
    `      ${findings.length} findings`,
    ...findings
      .slice(0, 10)
      .map(({ index, wrong, sent }) => `      #${index} ${wrong}\n        ${sent.slice(0, 1000)}`),
  ].join('\n');
}
