import type { ServerResponse } from 'node:http';
import { type FakeAnswer, type FakeRequest, sendJson } from './fake-api-server.js';

interface Change {
  readonly type: string;
  readonly object: FakeObject;
  readonly resourceVersion: number;
}

export interface FakeObject {
  metadata: { namespace: string; name: string; uid: string; resourceVersion: string };
  value: string;
}

const SYSTEM_NAMESPACE = '/api/v1/namespaces/kube-system';

/** A collection that lists and watches as the API server does, and breaks on demand. */
export class FakeCollection {
  readonly objects = new Map<string, FakeObject>();
  readonly watches = new Set<ServerResponse>();
  /** Of the requests to come, how the next ones fail. */
  readonly failures: FakeAnswer[] = [];
  resourceVersion = 100;
  systemUid = 'system-1';
  #history: Change[] = [];
  /** All of it, from which any earlier state can be told. */
  #past: Change[] = [];

  readonly answer: FakeAnswer = (request, response) => {
    if (request.path === SYSTEM_NAMESPACE) return sendJson(response, 200, { metadata: { uid: this.systemUid } });
    const failure = this.failures.shift();
    if (failure !== undefined) return failure(request, response);
    return request.query.get('watch') === 'true' ? this.#watch(request, response) : this.#list(request, response);
  };

  put(name: string, value: string, uid = `uid-${name}`): void {
    const type = this.objects.has(name) ? 'MODIFIED' : 'ADDED';
    const object = this.#object(name, value, uid);
    this.objects.set(name, object);
    this.#publish(type, object);
  }

  delete(name: string): void {
    const object = this.objects.get(name);
    if (object === undefined) throw new Error(`no ${name}`);
    this.objects.delete(name);
    this.#publish('DELETED', this.#object(name, object.value, object.metadata.uid));
  }

  /** Changes without any watch seeing it, and forgets its history: what happens between a watch's death and a relist. */
  changeUnseen(change: () => void): void {
    const watches = [...this.watches];
    this.watches.clear();
    change();
    this.#history = [];
    for (const watch of watches) this.watches.add(watch);
  }

  /** What came after `resourceVersion` never was; no watch sees that. */
  restore(resourceVersion: number): void {
    this.#past = this.#past.filter((change) => change.resourceVersion <= resourceVersion);
    this.#history = [];
    this.resourceVersion = resourceVersion;
    this.objects.clear();
    for (const object of this.#objectsAt(resourceVersion)) this.objects.set(object.metadata.name, object);
  }

  bookmark(): void {
    this.resourceVersion += 1;
    this.sendRaw(line('BOOKMARK', { metadata: { resourceVersion: `${this.resourceVersion}` } }));
  }

  sendRaw(bytes: string | Buffer): void {
    for (const watch of this.watches) watch.write(bytes);
  }

  resetWatches(): void {
    for (const watch of this.watches) watch.destroy();
  }

  endWatches(): void {
    for (const watch of this.watches) watch.end();
  }

  #object(name: string, value: string, uid: string): FakeObject {
    this.resourceVersion += 1;
    return { metadata: { namespace: 'n', name, uid, resourceVersion: `${this.resourceVersion}` }, value };
  }

  #publish(type: string, object: FakeObject): void {
    const change = { type, object, resourceVersion: this.resourceVersion };
    this.#history.push(change);
    this.#past.push(change);
    this.sendRaw(line(type, object));
  }

  #objectsAt(resourceVersion: number): FakeObject[] {
    const objects = new Map<string, FakeObject>();
    for (const change of this.#past) {
      if (change.resourceVersion > resourceVersion) continue;
      if (change.type === 'DELETED') objects.delete(change.object.metadata.name);
      else objects.set(change.object.metadata.name, change.object);
    }
    return [...objects.values()];
  }

  /** One object by its name, as it was. */
  #exactly(query: URLSearchParams, response: ServerResponse): void {
    const [, name] = /^metadata\.name=([^,]+),metadata\.namespace=n$/.exec(query.get('fieldSelector') ?? '') ?? [];
    const resourceVersion = query.get('resourceVersion') ?? '';
    const items = this.#objectsAt(Number(resourceVersion)).filter(({ metadata }) => metadata.name === name);
    sendJson(response, 200, { metadata: { resourceVersion }, items });
  }

  #list({ query }: FakeRequest, response: ServerResponse): void {
    if (query.get('resourceVersionMatch') === 'Exact') return this.#exactly(query, response);
    const from = Number(query.get('continue') ?? '0');
    const limit = Number(query.get('limit'));
    const items = [...this.objects.values()].slice(from, from + limit);
    const more = from + limit < this.objects.size ? { continue: `${from + limit}` } : {};
    sendJson(response, 200, { metadata: { resourceVersion: `${this.resourceVersion}`, ...more }, items });
  }

  #watch({ query }: FakeRequest, response: ServerResponse): void {
    const after = Number(query.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    for (const event of this.#history)
      if (event.resourceVersion > after) response.write(line(event.type, event.object));
    this.watches.add(response);
    response.once('close', () => this.watches.delete(response));
  }
}

export function line(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`;
}
