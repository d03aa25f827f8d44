import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Of its own on loopback: port 53 of 127.0.0.1 may be taken. */
export const NAME_SERVER = '127.0.0.78';
/** Where the hostile API server listens; the api of the scenario is allowed to connect here and nowhere else. */
export const HOSTILE_ADDRESS = '127.0.0.77';

/** Leads to the hostile API server when it is asked for first, and to an internal address the next time. */
export const REBOUND = 'rebound.test';

interface Name {
  /** By question, one after the other and then from the start. */
  readonly v4?: readonly (readonly string[])[];
  readonly v6?: readonly string[];
  /** It leads nowhere. */
  readonly isUnknown?: true;
}

/** Names that lead to internal addresses, at once or at some later question. */
export const NAMES: Readonly<Record<string, Name>> = {
  'loopback.test': { v4: [['127.0.0.1']] },
  'metadata.test': { v4: [['169.254.169.254']] },
  'private.test': { v4: [['10.0.0.1']] },
  'any.test': { v4: [['0.0.0.0']] },
  'both.test': { v4: [[HOSTILE_ADDRESS, '127.0.0.1']] },
  'six.test': { v6: ['::1'] },
  'mapped.test': { v6: ['::ffff:127.0.0.1'] },
  'unique-local.test': { v6: ['fd00:ec2::254'] },
  'four-and-six.test': { v4: [[HOSTILE_ADDRESS]], v6: ['::1'] },
  [REBOUND]: { v4: [[HOSTILE_ADDRESS], ['127.0.0.1']] },
  'nobody.test': { isUnknown: true },
};

const TYPE_A = 1;
const TYPE_AAAA = 28;

/** Answers questions for `NAMES`, never the same for long; all other names do not exist. Needs port 53. */
export async function startNameServer(): Promise<{ readonly questions: () => number; stop(): Promise<void> }> {
  const socket = createSocket('udp4');
  const asked = new Map<string, number>();
  let questions = 0;
  socket.on('message', (message, from) => {
    const question = parseQuestion(message);
    questions += 1;
    socket.send(answer(message, question, addressesOf(question, asked)), from.port, from.address);
  });
  socket.bind(53, NAME_SERVER);
  await once(socket, 'listening');
  return {
    questions: () => questions,
    stop: () => new Promise((closed) => socket.close(() => closed())),
  };
}

interface Question {
  readonly name: string;
  readonly type: number;
  /** Of the question in the message, its header included. */
  readonly end: number;
}

function parseQuestion(message: Buffer): Question {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function addressesOf({ name, type }: Question, asked: Map<string, number>): readonly string[] | undefined {
  const known = NAMES[name];
  if (known === undefined || known.isUnknown) return undefined;
  if (type === TYPE_AAAA) return known.v6 ?? [];
  if (type !== TYPE_A || known.v4 === undefined) return [];
  const turn = asked.get(name) ?? 0;
  asked.set(name, turn + 1);
  return known.v4[turn % known.v4.length] ?? [];
}

/** @param addresses undefined: there is no such name */
function answer(message: Buffer, { type, end }: Question, addresses: readonly string[] | undefined): Buffer {
  const header = Buffer.from(message.subarray(0, 12));
  header.writeUInt16BE(addresses === undefined ? 0x8583 : 0x8580, 2);
  header.writeUInt16BE(addresses?.length ?? 0, 6);
  header.writeUInt32BE(0, 8);
  const records = (addresses ?? []).map((address) => {
    const data = type === TYPE_A ? Buffer.from(address.split('.').map(Number)) : v6Bytes(address);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(type, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(0, 6);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return Buffer.concat([header, message.subarray(12, end), ...records]);
}

function v6Bytes(address: string): Buffer {
  const { hostname } = new URL(`http://[${address}]`);
  const [head = '', tail = ''] = hostname.slice(1, -1).split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
