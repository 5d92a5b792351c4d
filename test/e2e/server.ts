// Starts the real binary once for all specs: a demo city in a fresh directory, the server on it, one session of its
// administrator kept for the specs. PARKBRAIN_E2E_URL instead points at a server that already runs.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type FullConfig, request } from '@playwright/test'
import { admin, sessionFile } from './world'

const startTimeout = 60_000

export default async function start(config: FullConfig) {
  const address = String(config.projects[0]?.use.baseURL)
  if (process.env.PARKBRAIN_E2E_URL) {
    await logIn(address)
    return
  }
  const binary = process.env.PARKBRAIN_BIN
  if (!binary) throw new Error('PARKBRAIN_BIN is not set: it names the parkbrain binary to test')
  const data = mkdtempSync(join(tmpdir(), 'parkbrain-e2e-'))
  const env = { ...process.env, PARKBRAIN_ADMIN_PASSWORD: admin.password }
  execFileSync(binary, ['demo', '--data', data], { env, stdio: 'inherit' })
  const server = spawn(binary, ['serve', '--data', data, '--listen', new URL(address).host], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    await ready(address, server)
    await logIn(address)
  } catch (cause) {
    server.kill('SIGKILL')
    throw cause
  }
  return async () => {
    const ended = new Promise((done) => server.once('exit', done))
    server.kill('SIGTERM')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
}

async function ready(address: string, server: ChildProcess) {
  for (const until = Date.now() + startTimeout; Date.now() < until; ) {
    if (server.exitCode !== null) throw new Error(`the server ended with code ${server.exitCode}`)
    const answer = await fetch(`${address}/readyz`).catch(() => null)
    if (answer?.ok) return
    await new Promise((wait) => setTimeout(wait, 200))
  }
  throw new Error(`the server is not ready after ${startTimeout / 1000} s`)
}

async function logIn(address: string) {
  const context = await request.newContext({ baseURL: address })
  const answer = await context.post('/api/v1/session', { data: admin })
  if (!answer.ok()) throw new Error(`log in as ${admin.username}: ${answer.status()} ${await answer.text()}`)
  mkdirSync(dirname(sessionFile), { recursive: true })
  await context.storageState({ path: sessionFile })
  await context.dispose()
}
