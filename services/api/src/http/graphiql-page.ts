/** Where the files of the page are served; nothing of it comes from another host. */
export const GRAPHIQL_ASSETS_PATH = '/graphql/assets';

/** GraphiQL for browsers at GET /graphql. The policy lets it talk to this server only. */
export const graphiqlPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:" />
    <title>ccluster</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${GRAPHIQL_ASSETS_PATH}/graphiql.css" />
    <style>body { margin: 0; } #graphiql { height: 100dvh; }</style>
  </head>
  <body>
    <div id="graphiql">Loading…</div>
    <script src="${GRAPHIQL_ASSETS_PATH}/react.js"></script>
    <script src="${GRAPHIQL_ASSETS_PATH}/react-dom.js"></script>
    <script src="${GRAPHIQL_ASSETS_PATH}/graphiql.js"></script>
    <script src="${GRAPHIQL_ASSETS_PATH}/start.js"></script>
  </body>
</html>
`;

/** Runs in the browser. The key is kept until the tab is closed, and asked for again once it is refused. */
export const graphiqlStartScript = `
const STORED_KEY = 'ccluster API key';

async function isAccepted(key) {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer ' + key },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  return answer.status !== 401;
}

async function findKey() {
  for (let key = sessionStorage.getItem(STORED_KEY); ; key = null) {
    key ??= prompt('API key (cck_…), kept until this tab is closed');
    if (key === null || (await isAccepted(key))) return key ?? '';
  }
}

async function start() {
  const key = await findKey();
  sessionStorage.setItem(STORED_KEY, key);
  const headers = { authorization: 'Bearer ' + key };
  const fetcher = GraphiQL.createFetcher({
    url: '/graphql',
    subscriptionUrl: location.origin.replace(/^http/, 'ws') + '/graphql',
    headers,
    wsConnectionParams: headers,
  });
  const root = ReactDOM.createRoot(document.getElementById('graphiql'));
  root.render(React.createElement(GraphiQL, { fetcher }));
}

start();
`;
