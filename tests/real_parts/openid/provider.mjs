// A certified OpenID provider in the place of Entra ID. Usage: node provider.mjs '{…}' (see conftest.py)
// Says `ready PORT` once it listens on 127.0.0.1, and ends with its standard input.
import { X509Certificate, createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider, errors, interactionPolicy } from 'oidc-provider';

const given = JSON.parse(process.argv[2]);
// Our own reckoning of the thumbprint, from the certificate itself.
const x5tS256 = Buffer.from(new X509Certificate(given.pem).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
const GRAPH = 'https://graph.microsoft.com';
const DELEGATED = `${GRAPH}/Directory.Read.All ${GRAPH}/Reports.Read.All offline_access openid profile`;
const CODE = ['authorization_code', 'refresh_token'];
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address();
const issuer = `http://127.0.0.1:${port}`;

const clients = [
  {
    client_id: given.publicClient,
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: [...CODE, DEVICE],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/done', 'https://login.microsoftonline.com/common/oauth2/nativeclient'],
  },
  {
    client_id: given.secretClient,
    client_secret: given.secret,
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: [...CODE, 'client_credentials'],
    response_types: ['code'],
    redirect_uris: ['https://beacon.example/callback'],
  },
  {
    client_id: given.certificateClient,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',
    jwks: { keys: [given.jwk] },
    grant_types: [...CODE, 'client_credentials'],
    response_types: ['code'],
    redirect_uris: ['https://beacon.example/callback'],
  },
  {
    client_id: given.signOnClient,
    client_secret: given.secret,
    application_type: 'native', // for loopback addresses of any port
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: ['localhost', '127.0.0.1'].map((host) => `http://${host}/account/oidc/callback/`),
  },
];
const people = new Map(); // the claims of those who gave them at sign-in

const policy = interactionPolicy.base();
policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);

const provider = new Provider(issuer, {
  clients,
  cookies: { keys: ['only for tests'] },
  claims: { openid: ['sub', 'xms_edov'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false, // Entra ID puts the profile into the id token
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: 'Adele Vance', preferred_username: id, ...people.get(id) }),
  }),
  scopes: ['openid', 'email', 'offline_access', ...DELEGATED.split(' ').slice(0, 2), `${GRAPH}/.default`],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  assertJwtClientAuthClaimsAndHeader: (ctx, claims, header) => {
    if (header['x5t#S256'] !== x5tS256) throw new errors.InvalidClientAuth('x5t#S256 of another certificate');
    journal.assertions.push({ header, claims });
  },
  features: {
    devInteractions: { enabled: false },
    deviceFlow: { enabled: true },
    clientCredentials: { enabled: true },
    userinfo: { enabled: true },
  },
  interactions: { policy, url: (ctx, { uid }) => `/interaction/${uid}` },
  routes: {
    authorization: '/common/oauth2/v2.0/authorize',
    token: '/common/oauth2/v2.0/token',
    device_authorization: '/common/oauth2/v2.0/devicecode',
    code_verification: '/device',
  },
  ttl: { AccessToken: 3600, RefreshToken: 86400, Grant: 86400, Session: 3600, Interaction: 600, AuthorizationCode: 600,
    ClientCredentials: 3600, DeviceCode: 900, IdToken: 3600 },
});

// What happened here: refresh tokens only as their SHA-256.
const emptied = () => ({ issued: [], revoked: 0, refused: [], assertions: [] });
let journal = emptied();
const digest = (token) => createHash('sha256').update(token).digest('hex');
provider.on('grant.success', (ctx) => {
  if (ctx.body.refresh_token) journal.issued.push(digest(ctx.body.refresh_token));
});
provider.on('grant.revoked', () => { journal.revoked += 1; });
provider.on('grant.error', (ctx, error) => journal.refused.push(`${error.error}: ${error.error_detail ?? error.error_description}`));

const read = async (req) => {
  let text = '';
  for await (const piece of req) text += piece;
  return new URLSearchParams(text);
};

// The pages a person sees: one form per question, with a button to go on and one to decline.
async function interact(req, res) {
  const { prompt, params } = await provider.interactionDetails(req, res);
  if (req.method === 'GET') {
    res.setHeader('content-type', 'text/html');
    res.end(`<title>${prompt.name}</title><form method="post"><input name="login" value="">
      <button name="answer" value="yes">Go on</button><button name="answer" value="no">Decline</button></form>`);
    return;
  }
  const form = await read(req);
  let result;
  if (form.get('answer') !== 'yes') {
    result = { error: 'access_denied', error_description: 'AADSTS65004: The person declined.' };
  } else if (prompt.name === 'login') {
    const login = form.get('login');
    const claims = login.startsWith('{') ? JSON.parse(login) : { sub: login };
    people.set(claims.sub, claims);
    result = { login: { accountId: claims.sub } };
  } else if (prompt.name === 'consent') {
    const { session } = await provider.interactionDetails(req, res);
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    result = { consent: { grantId: await grant.save() } };
  } else {
    result = { [prompt.name]: {} };
  }
  await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: true });
}

let hold = null; // while set, whoever uses an access token gets no answer, and the one who waits for that is told
const tests = {
  '/test/journal': (res) => res.end(JSON.stringify(journal)),
  '/test/forget': (res) => { journal = emptied(); hold = null; res.end(); },
  '/test/hold': (res) => { hold = Promise.withResolvers(); res.end(); },
  '/test/held': (res) => hold.promise.then(() => { hold = null; res.end(); }),
};
const callback = provider.callback();
server.on('request', (req, res) => {
  const { pathname } = new URL(req.url, issuer);
  if (tests[pathname]) {
    tests[pathname](res);
  } else if (pathname.startsWith('/interaction/')) {
    interact(req, res).catch((error) => { res.statusCode = 500; res.end(String(error)); });
  } else if (pathname === '/me' && hold) {
    hold.resolve();
  } else {
    callback(req, res);
  }
});
process.stdin.on('end', () => process.exit()).resume();
console.log(`ready ${port}`);
