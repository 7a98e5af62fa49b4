/* SPDX-License-Identifier: Apache-2.0 */
/* Lines on standard error, as src/roles/spoc.ts logs them. */
#pragma once

/* Logs a line with the local time before it. A reader that has gone away does not end the work. */
__attribute__((format(printf, 1, 2))) void log_line(const char *format, ...);
