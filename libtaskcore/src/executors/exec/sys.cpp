// How the supervisor comes to life and how it makes its child: the two things that need the machine's own language.
#include "sys.hpp"

#include "supervise.hpp"

namespace {

// The child needs room for one path and a few frames, until it executes its program.
constexpr long kStackBytes = 32 * 1024;
alignas(16) char child_stack[kStackBytes];

constexpr long kVforkFlags = 0x00000100 /* CLONE_VM */ | 0x00004000 /* CLONE_VFORK */ | SIGCHLD;

}  // namespace

#ifdef TASKCORE_EXEC_BARE

pid_t taskcore::exec::sys::spawn_sharing_memory(int (*body)(void*), void* argument) {
  long result = SYS_clone;
  // Both processes come back from the call, the child on its empty stack: it must not touch this frame.
  __asm__ volatile(
      "mov %[body], %%r12\n\t"
      "mov %[argument], %%r13\n\t"
      "xor %%r10d, %%r10d\n\t"
      "xor %%r8d, %%r8d\n\t"
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "mov %%r13, %%rdi\n\t"
      "call *%%r12\n\t"
      "hlt\n"
      "1:"
      : "+a"(result)
      : "D"(kVforkFlags), "S"(child_stack + kStackBytes), "d"(0L), [body] "r"(body), [argument] "r"(argument)
      : "rcx", "r8", "r10", "r11", "r12", "r13", "memory");
  return static_cast<pid_t>(result);
}

// The kernel starts a program with argc, argv and envp on the stack.
__asm__(
    ".globl _start\n"
    "_start:\n\t"
    "xor %ebp, %ebp\n\t"
    "mov %rsp, %rdi\n\t"
    "and $-16, %rsp\n\t"
    "call taskcore_exec_start\n\t"
    "hlt\n");

extern "C" [[noreturn]] __attribute__((used)) void taskcore_exec_start(long* stack) {
  char** const argv = reinterpret_cast<char**>(stack + 1);
  taskcore::exec::sys::exit(taskcore::exec::supervise(argv, argv + stack[0] + 1));
}

// The compiler calls these two by itself.
extern "C" __attribute__((used)) void* memset(void* to, int value, unsigned long size) {
  void* at = to;
  __asm__ volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(value) : "memory");
  return to;
}

extern "C" __attribute__((used)) void* memcpy(void* __restrict to, const void* __restrict from, unsigned long size) {
  void* at = to;
  __asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(size) : : "memory");
  return to;
}

#else

pid_t taskcore::exec::sys::spawn_sharing_memory(int (*body)(void*), void* argument) {
  return ::clone(body, child_stack + kStackBytes, static_cast<int>(kVforkFlags), argument);
}

int main(int, char** argv) { return taskcore::exec::supervise(argv, environ); }

#endif
