import { Link } from '@tanstack/react-router'

export function ParkLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to="/parks/$id" params={{ id }}>
      {name}
    </Link>
  )
}

export function EnterpriseLink({ id, name }: { id: string; name: string }) {
  return (
    <Link to="/enterprises/$id" params={{ id }}>
      {name}
    </Link>
  )
}
