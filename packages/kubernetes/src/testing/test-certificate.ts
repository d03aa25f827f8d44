import { generateKeyPairSync } from 'node:crypto';

/** Self-signed, used nowhere; it can only be parsed. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBhjCCASygAwIBAgIUGfZMDNTdKZ3/XwxjxyUCmwZMARswCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjQwMDE1NDVaGA8yMTI2MTAzMTAwMTU0
NVowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBwb
78fOdkTZBg6VT5zKcMTDK/JXGBh/VT1hFAmm0iXVVRcWuqAeSzXaAq6q7gGntdJR
WvNPK1t+ZPc2+F+XxqajZDBiMB0GA1UdDgQWBBRn+QG/pLMk5a1M0Ho8/6vYNxSO
0TAfBgNVHSMEGDAWgBRn+QG/pLMk5a1M0Ho8/6vYNxSO0TAPBgNVHRMBAf8EBTAD
AQH/MA8GA1UdEQQIMAaHBH8AAAEwCgYIKoZIzj0EAwIDSAAwRQIhALDfDWJjYzxr
b2uhoF8HkbUQYVr1uN4iU7Hmbv9/mqSqAiAtJgHRNXrixrq5MIRGz7AkyL81Dmc8
RaaKHgqy3QYSPA==
-----END CERTIFICATE-----
`;

/** Not the key of that certificate: nothing here checks that they belong together, the TLS handshake does. */
export const PRIVATE_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
