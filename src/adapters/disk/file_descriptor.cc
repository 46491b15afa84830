#include "adapters/disk/file_descriptor.h"

#include <errno.h>
#include <unistd.h>

namespace thaw {

FileDescriptor::~FileDescriptor() {
  // The result is of no use: what must be durable was synced, and a second close could hit a
  // descriptor that is somebody else's by now.
  if (is_open()) ::close(number_);
}

bool was_interrupted() {
  return errno == EINTR;
}

}  // namespace thaw
