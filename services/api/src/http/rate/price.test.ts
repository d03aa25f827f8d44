import { expect, test } from 'vitest';
import { priceOfBody } from './price.js';

test.each([
  [{}, 0],
  [{ 'content-length': '4194304' }, 41_943.04],
  [{ 'transfer-encoding': 'chunked' }, 10_485.76],
])('the body of a request with the headers %j', (headers, points) => {
  expect(priceOfBody(headers)).toBe(points);
});
