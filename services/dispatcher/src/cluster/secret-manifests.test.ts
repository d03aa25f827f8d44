import { SecretText } from '@ccluster/domain';
import { describe, expect, it } from 'vitest';
import { anOrder, aSpec, JOB_ID } from '../testing/build-order.js';
import { secretManifests } from './secret-manifests.js';

const ownership = { installation: 'test', clusterId: 'cl_1' };
const owner = { namespace: 'jobs', name: 'train-01arz3ndektsv4rrffq69g5fav', uid: 'uid-1' };
const none = { imagePull: null, env: {} };
const base64 = (text: string) => Buffer.from(text).toString('base64');

function metadata(name: string) {
  return {
    name,
    namespace: 'jobs',
    labels: { 'ccluster.io/installation': 'test', 'ccluster.io/cluster': 'cl_1', 'ccluster.io/job-id': JOB_ID },
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: owner.name, uid: 'uid-1' }],
  };
}

describe('secretManifests', () => {
  it('makes none for a job without variables and credentials', () => {
    expect(secretManifests(anOrder(), ownership, owner, none)).toEqual([]);
  });

  it('keeps variables and registry credentials apart, named after the claim', () => {
    const spec = aSpec({
      env: [
        { name: 'PLAIN', secret: false, value: 'pa$$word $(X) ü' },
        { name: 'TOKEN', secret: true },
      ],
    });
    const secrets = {
      imagePull: { username: 'robot', password: new SecretText('p:w') },
      env: { TOKEN: new SecretText('s3cret') },
    };
    const auths = {
      'registry.example': { username: 'robot', password: 'p:w', auth: base64('robot:p:w') },
    };
    expect(secretManifests(anOrder({ spec, hasImagePullSecret: true }), ownership, owner, secrets)).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: metadata('train-01arz3ndektsv4rrffq69g5fav-e3-env'),
        type: 'Opaque',
        immutable: true,
        data: { PLAIN: base64('pa$$word $(X) ü'), TOKEN: base64('s3cret') },
      },
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: metadata('train-01arz3ndektsv4rrffq69g5fav-e3-pull'),
        type: 'kubernetes.io/dockerconfigjson',
        immutable: true,
        data: { '.dockerconfigjson': base64(JSON.stringify({ auths })) },
      },
    ]);
  });

  it('refuses to start a job whose secret value is not stored', () => {
    const spec = aSpec({ env: [{ name: 'TOKEN', secret: true }] });
    expect(() => secretManifests(anOrder({ spec }), ownership, owner, none)).toThrow('TOKEN');
  });
});
