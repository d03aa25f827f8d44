import { checkCluster, problemsOf } from './clusters/check-cluster.js';

checkCluster(process.argv.slice(2), process.env).then(
  (problems) => {
    process.stdout.write(
      problems.length === 0 ? 'The cluster is ready to be registered\n' : `${problems.join('\n')}\n`,
    );
    process.exitCode = problems.length === 0 ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`${problemsOf(error).join('\n')}\n`);
    process.exitCode = 2;
  },
);
