/* SPDX-License-Identifier: Apache-2.0 */
/* The directories of the operator become our owner's, whoever they belonged to before. */
#pragma once

#include <stdbool.h>

/*
 * Gives the directories in a directory to our owner, at any depth, with the right to enter them: no file could be put
 * there otherwise. Files are left alone. An entry that cannot be given away, such as directories without end, is moved
 * aside, but where the node itself is in trouble nothing is.
 */
bool host_hand_over(int directory, const char *path);
