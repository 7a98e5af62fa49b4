// SPDX-License-Identifier: Apache-2.0
/* Says hello without a C library: beside what starts it, write and exit_group are all the calls it makes. */
static const char text[] = "Hello from a base profile!\n";

#if defined(__x86_64__)
static long call(long number, long first, const char *second, long third)
{
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(first), "S"(second), "d"(third)
			 : "rcx", "r11", "memory");
	return result;
}
#define NUMBER_WRITE 1
#define NUMBER_EXIT_GROUP 231
#else
static long call(long number, long first, const char *second, long third)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = first;
	register const char *x1 __asm__("x1") = second;
	register long x2 __asm__("x2") = third;

	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
}
#define NUMBER_WRITE 64
#define NUMBER_EXIT_GROUP 94
#endif

void _start(void)
{
	long written = call(NUMBER_WRITE, 1, text, sizeof(text) - 1);

	call(NUMBER_EXIT_GROUP, written == sizeof(text) - 1 ? 0 : 1, text, 0);
	__builtin_unreachable();
}
