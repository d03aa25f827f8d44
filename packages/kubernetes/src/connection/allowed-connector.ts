import { lookup } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { buildConnector, errors } from 'undici';
import type { ClusterAddresses } from '../access/cluster-addresses.js';

/** The address of an API server, given or found for its name, is one that is not connected to. */
export class AddressNotAllowed extends Error {
  override readonly name = 'AddressNotAllowed';
  readonly code = 'ADDRESS_NOT_ALLOWED';

  constructor() {
    super('The API server has an address that this installation does not connect to');
  }
}

export interface ConnectorLimits {
  readonly addresses: ClusterAddresses;
  /** What one connection may deliver as a whole. */
  readonly maxConnectionBytes: number;
}

/**
 * Opens connections to allowed addresses only. A name is looked up once for each connection, and what was found is
 * looked at and connected to: whoever answers the look-up cannot answer otherwise in between.
 */
export function allowedConnector(
  { addresses, maxConnectionBytes }: ConnectorLimits,
  options: buildConnector.BuildOptions,
): buildConnector.connector {
  const connect = buildConnector({ ...options, lookup: allowedLookup(addresses) });
  return (target, callback) => {
    // No look-up takes place for an address.
    if (isIP(target.hostname) !== 0 && !addresses.allows(target.hostname)) {
      queueMicrotask(() => callback(new AddressNotAllowed(), null));
      return;
    }
    connect(target, (...result) => {
      if (result[0] === null) endAfterBytes(result[1], maxConnectionBytes);
      callback(...result);
    });
  };
}

/** Counts what no limit of an answer does: heads that announce another head, and the margins of chunks. */
function endAfterBytes(socket: Socket, maxBytes: number): void {
  if (maxBytes === Infinity) return;
  socket.on('readable', () => {
    if (socket.bytesRead > maxBytes) socket.destroy(new errors.ResponseExceededMaxSizeError());
  });
}

function allowedLookup(addresses: ClusterAddresses): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const [first] = found ?? [];
      if (error !== null || first === undefined) callback(error ?? new Error(`${hostname} has no address`), '');
      else if (!found.every(({ address }) => addresses.allows(address))) callback(new AddressNotAllowed(), '');
      else if (options.all) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}
