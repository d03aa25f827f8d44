import { attacks } from './attack.js';

/** A process of its own, so that it and the measurement do not wait for one another. Ends by SIGTERM. */
const [name = '', address = '', apiKey = ''] = process.argv.slice(2);
const attack = attacks[name];
if (attack === undefined) throw new Error(`There is no attack ${name}`);
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
console.log(JSON.stringify(await attack({ address, apiKey }, stopping.signal)));
process.exit();
