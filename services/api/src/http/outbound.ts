import type { WebSocket } from 'ws';

/** What waits for the clients of all sockets of this process, together. */
const MAX_WAITING_BYTES = 256 * 1024 * 1024;

export interface Outbound {
  /** Resolves once it has left the process, or its socket has closed. */
  send(message: string): Promise<void>;
  close(): void;
}

export interface Outbounds {
  open(socket: WebSocket): Outbound;
  /** Bytes that have not left the process. */
  waitingBytes(): number;
}

/**
 * Counts what was sent and has not left the process. Each subscription has one message on its way, but a client may
 * have many: once all that waits is too much, the socket that has most of it is cut. Its client goes on from the last
 * cursor that it has.
 */
export function createOutbounds(onCut: (waitingBytes: number) => void, maxWaitingBytes = MAX_WAITING_BYTES): Outbounds {
  const waiting = new Map<WebSocket, number>();
  let allBytes = 0;
  const add = (socket: WebSocket, bytes: number): void => {
    const before = waiting.get(socket);
    if (before === undefined) return;
    waiting.set(socket, before + bytes);
    allBytes += bytes;
  };
  const forget = (socket: WebSocket): void => {
    allBytes -= waiting.get(socket) ?? 0;
    waiting.delete(socket);
  };
  const cutSlowest = (): void => {
    const [slowest] = [...waiting].toSorted(([, a], [, b]) => b - a);
    if (slowest === undefined) return;
    const [socket, bytes] = slowest;
    forget(socket);
    onCut(bytes);
    socket.terminate();
  };
  return {
    waitingBytes: () => allBytes,
    open: (socket) => {
      waiting.set(socket, 0);
      return {
        close: () => forget(socket),
        send: async (message) => {
          if (socket.readyState !== socket.OPEN) return;
          const bytes = Buffer.from(message);
          add(socket, bytes.length);
          // One is enough: whoever has most of it has at least as much as this message.
          if (allBytes > maxWaitingBytes) cutSlowest();
          await new Promise<void>((resolve) => socket.send(bytes, { binary: false }, () => resolve()));
          add(socket, -bytes.length);
        },
      };
    },
  };
}
