import { createSealer } from '@ccluster/db';
import { SecretText } from '@ccluster/domain';
import { describe, expect, it } from 'vitest';
import { openJobSecrets } from './job-secrets.js';

const sealer = createSealer([Buffer.alloc(32)]);
const stored = { imagePull: { username: 'robot', password: 'p' }, env: { TOKEN: 't' } };
const sealed = sealer.seal(new SecretText(JSON.stringify(stored)), 'job_secrets:job_1');

describe('openJobSecrets', () => {
  it('gives what was sealed for the job, in a form that does not print', () => {
    const secrets = openJobSecrets(sealed, sealer, 'job_1');
    expect(secrets.imagePull?.username).toBe('robot');
    expect(secrets.imagePull?.password.reveal()).toBe('p');
    expect(secrets.env['TOKEN']?.reveal()).toBe('t');
    expect(JSON.stringify(secrets)).toBe(
      '{"imagePull":{"username":"robot","password":"[redacted]"},"env":{"TOKEN":"[redacted]"}}',
    );
  });

  it('opens no other job’s', () => {
    expect(() => openJobSecrets(sealed, sealer, 'job_2')).toThrow('sealed for something else');
  });
});
