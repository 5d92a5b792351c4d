// A small town of its own for specs that need offices or that change what others count on: its own data, its own server, and
// an account for each office that is asked for.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type APIRequestContext, request } from '@playwright/test'
import { admin } from './world'

const startTimeout = 60_000

/** townAddress is the address of the town with a number; every spec file has its own. */
export const townAddress = (no: number) =>
  `http://127.0.0.1:${Number(process.env.PARKBRAIN_E2E_PORT ?? 18140) + no}`

/** officeFile is where the session of a town's office is kept. */
export const officeFile = (no: number, office: string) =>
  join(__dirname, `../../web/test-results/town-${no}-${office}.json`)

export interface Office {
  name: string
  role: string
  org?: string
  enterprise?: string
}

/** startTown makes the town and the offices' sessions, and gives the function that ends it. */
export async function startTown(
  no: number,
  offices: Office[],
  enterprises = 300,
): Promise<() => Promise<void>> {
  const binary = process.env.PARKBRAIN_BIN
  if (!binary) throw new Error('PARKBRAIN_BIN is not set: it names the parkbrain binary to test')
  const address = townAddress(no)
  const data = mkdtempSync(join(tmpdir(), `parkbrain-town-${no}-`))
  const env = { ...process.env, PARKBRAIN_ADMIN_PASSWORD: admin.password }
  execFileSync(binary, ['demo', '--data', data, '--enterprises', String(enterprises)], {
    env,
    stdio: 'ignore',
  })
  const server = spawn(binary, ['serve', '--data', data, '--listen', new URL(address).host], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const stop = async () => {
    const ended = new Promise((done) => server.once('exit', done))
    if (server.exitCode === null && server.kill('SIGTERM')) await ended
    rmSync(data, { recursive: true, force: true })
  }
  try {
    await ready(address, server)
    await appoint(no, address, offices)
  } catch (cause) {
    await stop()
    throw cause
  }
  return stop
}

async function ready(address: string, server: ChildProcess) {
  for (const until = Date.now() + startTimeout; Date.now() < until; ) {
    if (server.exitCode !== null) throw new Error(`the town's server ended with code ${server.exitCode}`)
    const answer = await fetch(`${address}/readyz`).catch(() => null)
    if (answer?.ok) return
    await new Promise((wait) => setTimeout(wait, 200))
  }
  throw new Error(`the town's server is not ready after ${startTimeout / 1000} s`)
}

interface Account {
  user: { id: string; version: number }
  password: string
}

/** appoint makes the accounts as it is done in an office: one makes them, another gives them their rights. */
async function appoint(no: number, baseURL: string, offices: Office[]) {
  const first = await enter(baseURL, admin)
  const guard = await create(first, 'guard')
  await grant(first, guard, { name: 'guard', role: 'security_admin' })
  const security = await enter(baseURL, await ownPassword(baseURL, 'guard', guard.password))
  for (const office of offices) {
    const account = await create(first, office.name)
    await grant(security, account, office)
    const session = await enter(baseURL, await ownPassword(baseURL, office.name, account.password))
    mkdirSync(dirname(officeFile(no, office.name)), { recursive: true })
    await session.storageState({ path: officeFile(no, office.name) })
    await session.dispose()
  }
  await first.dispose()
  await security.dispose()
}

interface Who {
  username: string
  password: string
}

async function enter(baseURL: string, who: Who): Promise<APIRequestContext> {
  // without a session of its own the context would take that of the spec's pages, which is only being made
  const context = await request.newContext({ baseURL, storageState: { cookies: [], origins: [] } })
  await told(context.post('/api/v1/session', { data: who }), `log in as ${who.username}`)
  return context
}

async function create(by: APIRequestContext, username: string): Promise<Account> {
  return (await told(by.post('/api/v1/users', { data: { username } }), `create ${username}`)) as Account
}

async function grant(by: APIRequestContext, { user }: Account, { name, ...place }: Office) {
  const headers = { 'If-Match': `"${user.version}"` }
  await told(by.patch(`/api/v1/users/${user.id}`, { headers, data: { grant: place } }), `grant ${name}`)
}

async function ownPassword(baseURL: string, username: string, once: string): Promise<Who> {
  const password = `${username}-Passw0rd-2024`
  const context = await enter(baseURL, { username, password: once })
  await told(context.post('/api/v1/me/password', { data: { current: once, new: password } }), 'set password')
  await context.dispose()
  return { username, password }
}

async function told(call: ReturnType<APIRequestContext['post']>, what: string): Promise<unknown> {
  const answer = await call
  if (!answer.ok()) throw new Error(`${what}: ${answer.status()} ${await answer.text()}`)
  const text = await answer.text()
  return text ? JSON.parse(text) : undefined
}
