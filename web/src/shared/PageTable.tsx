// PageTable is a DataTable over a list of the API that is read page by page (keyset cursors).

import { type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { type Column, DataTable } from './DataTable'
import { useText } from './i18n'
import { Empty, Failure, Loading } from './states'

/** One page of a list as every list of the API answers it. */
export interface Page<Item> {
  items: Item[] | null
  next: string
}

/** usePages reads a list page by page; key holds every filter. */
export function usePages<Item, P extends Page<Item>>(
  key: readonly unknown[],
  read: (cursor: string, signal: AbortSignal) => Promise<P>,
  enabled = true,
) {
  return useInfiniteQuery({
    queryKey: key,
    enabled,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    getNextPageParam: (last: P) => last.next || undefined,
  })
}

interface PageTableProps<Item> {
  caption: string
  query: UseInfiniteQueryResult<{ pages: Page<Item>[] }>
  columns: Column<Item>[]
  rowKey: (item: Item) => string
  height?: number
  emptyText?: string
  emptyDetail?: string
}

export function PageTable<Item>({
  caption,
  query,
  columns,
  rowKey,
  height = 420,
  emptyText,
  emptyDetail,
}: PageTableProps<Item>) {
  if (query.isPending) return <Loading height={height} />
  if (query.isError && !query.data) return <Failure error={query.error} onRetry={() => query.refetch()} />
  const items = query.data?.pages.flatMap((page) => page.items ?? []) ?? []
  if (items.length === 0) return <Empty title={emptyText} detail={emptyDetail} />
  return (
    <>
      <DataTable caption={caption} columns={columns} items={items} rowKey={rowKey} />
      <More query={query} count={items.length} />
    </>
  )
}

interface MoreProps {
  query: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isError' | 'isFetchingNextPage' | 'fetchNextPage'>
  /** Items on screen. */
  count: number
}

/** More stands under what was read of a list: how much that is, and a button for the next page. */
export function More({ query, count }: MoreProps) {
  const { t } = useText()
  return (
    <div className="pb-more">
      {count > 0 && (
        <span role="status">{t(query.hasNextPage ? 'table.shownSoFar' : 'table.shownAll', { count })}</span>
      )}
      {query.isError && <span role="alert">{t('state.failed')}</span>}
      {query.hasNextPage && (
        <Button onClick={() => query.fetchNextPage()} loading={query.isFetchingNextPage}>
          {t('action.more')}
        </Button>
      )}
    </div>
  )
}
