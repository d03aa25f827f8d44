import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';

let fixture: DispatchFixture;

beforeEach(async () => {
  fixture = await openDispatchFixture();
  await fixture.addCluster('here', 4, 100);
});

afterEach(() => fixture.close());

describe('placeJob', () => {
  it('reserves the room: of jobs that want the last of it, one gets it and the others wait', async () => {
    await fixture.addCluster('there', 0, 200);
    const jobIds = await Promise.all(Array.from({ length: 6 }, () => fixture.addJob()));
    await Promise.all(jobIds.map(fixture.work));
    const phases = (await Promise.all(jobIds.map(fixture.stateOf))).map((state) => state.phase);
    expect(phases.filter((phase) => phase === 'ARMED')).toHaveLength(4);
    expect(phases.filter((phase) => phase === 'QUEUED')).toHaveLength(2);
  });
});
