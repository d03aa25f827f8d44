/** One member of a tar archive; owned by root, dated 1970, so that equal content gives equal bytes. */
export interface TarEntry {
  /** Relative path without a leading slash, at most 100 bytes. */
  path: string;
  mode: number;
  content: { file: Buffer } | { linkTo: string } | 'directory';
}

const BLOCK_BYTES = 512;

/** A POSIX ustar archive. */
export function tarArchive(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const file = fileOf(entry);
    return [header(entry), file, Buffer.alloc(-file.length & (BLOCK_BYTES - 1))];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK_BYTES)]);
}

function header(entry: TarEntry): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  writeText(block, entry.path, 0, 100);
  writeOctal(block, entry.mode, 100, 8);
  writeOctal(block, 0, 108, 8); // uid
  writeOctal(block, 0, 116, 8); // gid
  writeOctal(block, fileOf(entry).length, 124, 12);
  writeOctal(block, 0, 136, 12); // modification time
  block.write(typeFlag(entry), 156, 'latin1');
  writeText(block, linkTarget(entry), 157, 100);
  block.write('ustar\x0000', 257, 'latin1');
  // The checksum is taken with its own field as blanks.
  block.fill(' ', 148, 156);
  const checksum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function writeText(block: Buffer, text: string, offset: number, length: number): void {
  if (Buffer.byteLength(text) > length) throw new RangeError(`too long for a tar header: ${text}`);
  block.write(text, offset, 'utf8');
}

function writeOctal(block: Buffer, value: number, offset: number, length: number): void {
  block.write(value.toString(8).padStart(length - 1, '0'), offset, 'latin1');
}

function typeFlag({ content }: TarEntry): string {
  if (content === 'directory') return '5';
  return 'linkTo' in content ? '2' : '0';
}

function fileOf({ content }: TarEntry): Buffer {
  return content !== 'directory' && 'file' in content ? content.file : Buffer.alloc(0);
}

function linkTarget({ content }: TarEntry): string {
  return content !== 'directory' && 'linkTo' in content ? content.linkTo : '';
}
