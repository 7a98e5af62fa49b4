# SPDX-License-Identifier: Apache-2.0
# The programs that do what needs a privilege. Each is one static executable, so that it runs in an image that holds nothing else, and
# so that no library path of the user's environment reaches it. The Debug configuration is the sanitized one.
{
  'target_defaults': {
    'include_dirs': ['src', 'gen', '<(SHARED_INTERMEDIATE_DIR)'],
    'cflags!': ['-fno-omit-frame-pointer', '-Wno-unused-parameter', '-O3'],
    'cflags': ['-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror'],
    'ldflags!': ['-rdynamic'],
    'configurations': {
      'Release': {
        'cflags': ['-O2'],
        'ldflags': ['-static'],
      },
      'Debug': {
        'cflags': ['-O1', '-fno-omit-frame-pointer', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
        'ldflags': ['-fsanitize=address,undefined'],
      },
    },
  },
  'targets': [
    {
      # compile-bpf.sh writes a .skel.h too; one output is what make can wait for.
      'target_name': 'bpf_objects',
      'type': 'none',
      'actions': [
        {
          'action_name': 'recorder_bpf',
          'inputs': ['compile-bpf.sh', 'src/recorder.bpf.c', 'src/recorder.h', 'src/kernel.h'],
          'outputs': ['<(SHARED_INTERMEDIATE_DIR)/recorder.lskel.h'],
          'action': ['sh', 'compile-bpf.sh', 'recorder', '<(target_arch)', '<(SHARED_INTERMEDIATE_DIR)'],
        },
        {
          'action_name': 'hook_floor_bpf',
          'inputs': ['compile-bpf.sh', 'src/hook_floor.bpf.c', 'src/kernel.h'],
          'outputs': ['<(SHARED_INTERMEDIATE_DIR)/hook_floor.lskel.h'],
          'action': ['sh', 'compile-bpf.sh', 'hook_floor', '<(target_arch)', '<(SHARED_INTERMEDIATE_DIR)'],
        },
      ],
    },
    {
      'target_name': 'recorder',
      'type': 'executable',
      'dependencies': ['bpf_objects'],
      'sources': [
        'src/recorder.c',
        'src/hooks.c',
        'src/hooks_quick.c',
        'src/hooks_libbpf.c',
        'src/processes.c',
        'src/seen.c',
        'src/command.c',
        'src/program.c',
        'src/wire.c',
        'src/wire_parse.c',
      ],
      'libraries': ['-l:libbpf.a', '-l:libelf.a', '-l:libz.a'],
    },
    {
      'target_name': 'runner',
      'type': 'executable',
      'sources': [
        'src/runner.c',
        'src/filter.c',
        'src/filter_join.c',
        'src/filter_evaluate.c',
        'src/command.c',
        'src/program.c',
        'src/wire.c',
        'src/wire_parse.c',
      ],
      'libraries': ['-l:libseccomp.a'],
    },
    {
      'target_name': 'non_root_enabler',
      'type': 'executable',
      'sources': ['src/non_root_enabler.c', 'src/host_files.c'],
    },
    {
      'target_name': 'try_syscalls',
      'type': 'executable',
      'sources': [
        'src/try_syscalls.c',
        'src/filter.c',
        'src/filter_join.c',
        'src/program.c',
        'src/wire.c',
        'src/wire_parse.c',
      ],
      'libraries': ['-l:libseccomp.a'],
    },
    {
      'target_name': 'hook_floor',
      'type': 'executable',
      'dependencies': ['bpf_objects'],
      'sources': ['src/hook_floor.c'],
      'libraries': ['-l:libbpf.a', '-l:libelf.a', '-l:libz.a'],
    },
  ],
}
