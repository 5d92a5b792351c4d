import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ConfigProvider } from 'antd'
import en from 'antd/locale/en_US'
import zh from 'antd/locale/zh_CN'
import { router } from './router'
import { ApiError } from './shared/api'
import { useText } from './shared/i18n'
import { theme } from './shared/theme'

/** leaveWhenRefused sends to the sign-in page when the session ended, and to the password page while one is owed. */
function leaveWhenRefused(error: unknown) {
  if (!(error instanceof ApiError)) return
  const { href, pathname } = router.state.location
  if (pathname === '/login') return
  if (error.key === 'auth.must_change_password') router.navigate({ to: '/password', replace: true })
  else if (error.status === 401)
    router.navigate({
      to: '/login',
      search: { next: href, expired: signedInBefore() ? '1' : undefined },
      replace: true,
    })
}

function signedInBefore(): boolean {
  const known = client.getQueryData(['me']) !== undefined
  client.removeQueries({ queryKey: ['me'] })
  return known
}

const client = new QueryClient({
  queryCache: new QueryCache({ onError: leaveWhenRefused }),
  mutationCache: new MutationCache({ onError: leaveWhenRefused }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // A refusal is an answer; only a lost connection or a server in trouble is worth one more try.
      retry: (failures, error) =>
        failures < 1 && error instanceof ApiError && (error.status === 0 || error.status >= 502),
      retryDelay: 600,
    },
  },
})

export function App() {
  const { lang } = useText()
  return (
    <ConfigProvider
      theme={theme}
      locale={lang === 'en' ? en : zh}
      componentSize="medium"
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ConfigProvider>
  )
}
