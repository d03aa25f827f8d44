import { expect, it } from 'vitest';

import { parseTrace } from './read-trace.js';

const TRACE = String.raw`
100   execve("/usr/bin/node", ["node", "main.js"], 0x7ffe /* 9 vars */) = 0
100   openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = 3</etc/ld.so.cache>
101   openat(AT_FDCWD, "/tmp/with \"quotes\"", O_RDONLY <unfinished ...>
100   connect(21<TCP:[4711]>, {sa_family=AF_INET, sin_port=htons(5432), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINPROGRESS (Operation now in progress)
101   <... openat resumed>) = -1 ENOENT (No such file or directory)
102   connect(22<TCPv6:[4712]>, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28 <unfinished ...>
102   connect(23<UDP:[4713]>, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.78")}, 16) = 0
102   connect(24<UNIX-STREAM:[4714]>, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)
102   +++ exited with 0 +++
`;

it('reads what was opened, executed and connected to', () => {
  expect(parseTrace(TRACE)).toEqual({
    pids: [100, 101, 102],
    executed: ['/usr/bin/node'],
    opened: ['/etc/ld.so.cache', String.raw`/tmp/with \"quotes\"`],
    connected: [
      { protocol: 'TCP', to: '127.0.0.1:5432' },
      { protocol: 'TCP', to: '::1:443' },
      { protocol: 'UDP', to: '127.0.0.78:53' },
      { protocol: 'UNIX', to: '/var/run/nscd/socket' },
    ],
  });
});
