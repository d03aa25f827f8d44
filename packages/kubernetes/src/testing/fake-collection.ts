import type { ServerResponse } from 'node:http';
import { type FakeAnswer, type FakeRequest, sendJson } from './fake-api-server.js';

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
  #history: { type: string; object: unknown; resourceVersion: number }[] = [];

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
    this.#history.push({ type, object, resourceVersion: this.resourceVersion });
    this.sendRaw(line(type, object));
  }

  #list({ query }: FakeRequest, response: ServerResponse): void {
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
