// SPDX-License-Identifier: Apache-2.0
// The smallest program there is: the floor for the memory of a helper.
int main(void)
{
	return 0;
}
