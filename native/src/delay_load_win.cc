// The addon calls functions that the host program exports, and the host is node.exe or an Electron program of any
// name. So node.exe is linked for delayed loading, and this hook gives the running program in its place.
#include <windows.h>

#include <delayimp.h>

#include <cstring>

static FARPROC WINAPI giveHost(unsigned event, PDelayLoadInfo info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  return reinterpret_cast<FARPROC>(GetModuleHandleA(nullptr));
}

extern "C" {
PfnDliHook __pfnDliNotifyHook2 = giveHost;
}
