import type { WebSocket } from 'ws';

/** As many answers may wait for a client before nothing more is read from it. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** Messages of any kind: more than whoever does not mean harm sends. */
const BURST = 1_000;
const PER_SECOND = 500;
/** A long message counts as several. */
const BYTES_PER_MESSAGE = 8 * 1024;
const LOOK_AGAIN_MS = 50;

/**
 * @returns to be called for each message: stops reading from the socket while it sends faster than it may, or does not
 * take its answers. Who does that for long answers no ping either, and is cut for it.
 */
export function paceMessages(socket: WebSocket): (messageBytes: number) => void {
  let credit = BURST;
  let atMs = performance.now();
  let paused = false;
  const refill = (): void => {
    const now = performance.now();
    credit = Math.min(BURST, credit + ((now - atMs) * PER_SECOND) / 1000);
    atMs = now;
  };
  const lookAgain = (): void => {
    refill();
    if (socket.readyState !== socket.OPEN) return;
    if (mustWait()) return void setTimeout(lookAgain, LOOK_AGAIN_MS);
    paused = false;
    socket.resume();
  };
  const mustWait = (): boolean => credit < 1 || socket.bufferedAmount > MAX_BUFFERED_BYTES;
  return (messageBytes) => {
    refill();
    credit -= 1 + messageBytes / BYTES_PER_MESSAGE;
    // One that closes must be read from, to its end.
    if (paused || socket.readyState !== socket.OPEN || !mustWait()) return;
    paused = true;
    socket.pause();
    setTimeout(lookAgain, LOOK_AGAIN_MS);
  };
}
