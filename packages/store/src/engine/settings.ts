/** Command-line settings of the server: bounded for a laptop, silent about values, and closed to the network. */
export function settingsFor({
  major,
  socketDirectory,
  extra = {},
}: {
  readonly major: number;
  readonly socketDirectory: string;
  readonly extra?: Readonly<Record<string, string>> | undefined;
}): string[] {
  const settings = {
    ...reach,
    unix_socket_directories: socketDirectory,
    ...bounds,
    ...(major >= 18 && { io_method: 'sync' }),
    ...safety,
    ...quiet,
    ...extra,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

const reach = { listen_addresses: '', port: '5432', unix_socket_permissions: '0700', max_connections: '50' };

/** About 200 MB at work. Helper processes are few: the hub and its servers share the same cores. */
const bounds = {
  shared_buffers: '128MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  temp_buffers: '4MB',
  max_wal_size: '512MB',
  min_wal_size: '80MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_worker_processes: '4',
  max_parallel_workers: '2',
  max_parallel_workers_per_gather: '1',
  autovacuum_max_workers: '2',
  jit: 'off',
};

/**
 * A commit answers when it is on disk. Recorded messages come in batches, so that costs one wait per batch; and a token
 * that was revoked, or a grant taken back, must stay so after a power cut.
 */
const safety = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** The log must not repeat what is stored: no statements, no values, no details. */
const quiet = {
  log_destination: 'stderr',
  logging_collector: 'off',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
};
