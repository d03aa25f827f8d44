import { checkCluster, problemsOf } from './clusters/check-cluster.js';

try {
  const problems = await checkCluster(process.argv.slice(2), process.env);
  const isReady = problems.length === 0;
  process.stdout.write(isReady ? 'The cluster is ready to be registered\n' : `${problems.join('\n')}\n`);
  process.exitCode = isReady ? 0 : 1;
} catch (error) {
  process.stderr.write(`${problemsOf(error).join('\n')}\n`);
  process.exitCode = 2;
}
