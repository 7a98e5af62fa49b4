# SPDX-License-Identifier: Apache-2.0
# The programs that do the privileged work, a folder of src each, with src/program for what they share. Each is one static executable, so
# that it runs in an image that holds nothing else, and so that no library path of the user's environment reaches it. The Debug configuration is the sanitized one.
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
  'variables': {
    'kernel_headers': ['src/kernel/types.h', 'src/kernel/calls.h', 'src/kernel/calls.bpf.h', 'src/kernel/groups.bpf.h'],
  },
  'targets': [
    {
      # compile-bpf.sh writes a .skel.h too; one output is what make can wait for.
      'target_name': 'bpf_objects',
      'type': 'none',
      'actions': [
        {
          'action_name': 'recorder_bpf',
          'inputs': ['compile-bpf.sh', 'src/recorder/recorder.bpf.c', 'src/recorder/recorder.h', '<@(kernel_headers)'],
          'outputs': ['<(SHARED_INTERMEDIATE_DIR)/recorder.lskel.h'],
          'action': ['sh', 'compile-bpf.sh', 'src/recorder/recorder.bpf.c', '<(target_arch)', '<(SHARED_INTERMEDIATE_DIR)'],
        },
        {
          'action_name': 'ended_bpf',
          'inputs': ['compile-bpf.sh', 'src/auditor/ended.bpf.c', 'src/auditor/ended.h', '<@(kernel_headers)'],
          'outputs': ['<(SHARED_INTERMEDIATE_DIR)/ended.lskel.h'],
          'action': ['sh', 'compile-bpf.sh', 'src/auditor/ended.bpf.c', '<(target_arch)', '<(SHARED_INTERMEDIATE_DIR)'],
        },
      ],
    },
    {
      'target_name': 'spoc',
      'type': 'executable',
      'sources': [
        'src/launcher/launcher.c',
        'src/launcher/answers.c',
        'src/launcher/confined_run.c',
        'src/launcher/decider.c',
        'src/launcher/layout.c',
        'src/launcher/log.c',
        'src/launcher/refusal.c',
        'src/launcher/run_arguments.c',
        'src/runner/kept_filter.c',
        'src/runner/sha256.c',
        'src/program/capability.c',
        'src/program/command.c',
        'src/program/held_child.c',
        'src/program/program.c',
        'src/program/wire.c',
      ],
    },
    {
      'target_name': 'recorder',
      'type': 'executable',
      'dependencies': ['bpf_objects'],
      'sources': [
        'src/recorder/recorder.c',
        'src/recorder/hooks.c',
        'src/recorder/hooks_quick.c',
        'src/recorder/hooks_libbpf.c',
        'src/recorder/processes.c',
        'src/recorder/seen.c',
        'src/kernel/calls.c',
        'src/program/capability.c',
        'src/program/command.c',
        'src/program/held_child.c',
        'src/program/program.c',
        'src/program/wire.c',
        'src/program/wire_parse.c',
      ],
      'libraries': ['-l:libbpf.a', '-l:libelf.a', '-l:libz.a'],
    },
    {
      'target_name': 'runner',
      'type': 'executable',
      'sources': [
        'src/runner/runner.c',
        'src/runner/kept_filter.c',
        'src/runner/sha256.c',
        'src/runner/filter.c',
        'src/runner/filter_join.c',
        'src/runner/filter_evaluate.c',
        'src/program/capability.c',
        'src/program/command.c',
        'src/program/held_child.c',
        'src/program/program.c',
        'src/program/wire.c',
        'src/program/wire_parse.c',
      ],
      'libraries': ['-l:libseccomp.a'],
    },
    {
      'target_name': 'auditor',
      'type': 'executable',
      'dependencies': ['bpf_objects'],
      'sources': [
        'src/auditor/auditor.c',
        'src/auditor/containers.c',
        'src/auditor/ended.c',
        'src/auditor/line.c',
        'src/auditor/log_file.c',
        'src/auditor/process.c',
        'src/auditor/report.c',
      ],
    },
    {
      'target_name': 'non_root_enabler',
      'type': 'executable',
      'sources': ['src/enabler/non_root_enabler.c', 'src/enabler/host_files.c'],
    },
  ],
}
