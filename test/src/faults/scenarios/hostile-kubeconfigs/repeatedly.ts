import type { Writable } from 'node:stream';

/** Writes `start` once and `piece` for ever, as fast as the other side reads. */
export function repeatedly(target: Writable, start: string | Buffer, piece: string | Buffer): void {
  const pump = (): void => {
    while (!target.destroyed && target.write(piece));
    if (!target.destroyed) target.once('drain', pump);
  };
  target.write(start);
  pump();
}
