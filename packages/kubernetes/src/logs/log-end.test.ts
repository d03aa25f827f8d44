import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FollowedLog } from '../testing/followed-log.js';

let log: FollowedLog;
beforeEach(() => {
  log = new FollowedLog();
  // By which any two reads are far apart.
  log.tickMs = 1_000;
  for (const text of ['one', 'two', 'three']) log.kubelet.write(text);
  log.kubelet.finished = true;
});
afterEach(() => log.stop());

it('the end of a log is not where an answer broke off without an error', async () => {
  log.kubelet.failures.push(({ query }, response) => {
    response.end(log.kubelet.read(query).subarray(0, 60));
  });
  await log.follow();
  expect(log.lines).toEqual(['one', 'two', 'three']);
});

it('the end of a log is not where an answer broke off before what was taken already', async () => {
  log.kubelet.failures.push(log.kubelet.answer, (_, response) => void response.end());
  await log.follow();
  expect(log.lines).toEqual(['one', 'two', 'three']);
});

it('the end of a log is not where a slow answer pauses', async () => {
  log.kubelet.failures.push(async ({ query }, response) => {
    const file = log.kubelet.read(query);
    response.write(file.subarray(0, 60));
    await sleep(4_000);
    response.end(file.subarray(60));
  });
  await log.follow();
  expect(log.lines).toEqual(['one', 'two', 'three']);
}, 15_000);

it('the end of a log comes after what the runtime writes when it has told of the end', async () => {
  for (const late of ['four', 'five']) {
    log.kubelet.failures.push(({ query }, response) => {
      response.end(log.kubelet.read(query));
      log.kubelet.write(late);
    });
  }
  await log.follow();
  expect(log.lines).toEqual(['one', 'two', 'three', 'four', 'five']);
});

it('a last line without a newline is whole where two reads agree on it', async () => {
  log.kubelet.write('un', '');
  log.kubelet.failures.push(({ query }, response) => {
    response.end(log.kubelet.read(query));
    log.kubelet.append('finished');
  });
  await log.follow();
  expect(log.lines).toEqual(['one', 'two', 'three', 'unfinished']);
});
