import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'

interface LeaveProps {
  to: '/login' | '/password' | '/users' | '/audit' | '/tokens'
  /** Where to return after signing in. */
  next?: string
}

/** Leave goes to another page, once, however often its surroundings are drawn again. */
export function Leave({ to, next }: LeaveProps) {
  const navigate = useNavigate()
  const left = useRef(false)
  useEffect(() => {
    if (left.current) return
    left.current = true
    navigate({ to, search: next ? { next } : {}, replace: true })
  }, [navigate, to, next])
  return null
}
