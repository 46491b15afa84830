#include "app/bench/postgres_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

extern char** environ;

namespace thaw {
namespace {

/// Runs a program to its end, its output dropped, as the user that PostgreSQL may run as.
Status run_program(std::vector<std::string> words) {
  if (::geteuid() == 0) words.insert(words.begin(), {"runuser", "-u", "postgres", "--"});
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed =
      ::posix_spawnp(&child, arguments.front(), &files, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  if (failed != 0) return fail(ErrorCode::io, words.front() + " cannot be started");
  int outcome = 0;
  if (::waitpid(child, &outcome, 0) != child || outcome != 0) {
    return fail(ErrorCode::io, fmt::format("{} failed", fmt::join(words, " ")));
  }
  return {};
}

/// As one would set a server of this work: room for memory and log, no log of what is made anew,
/// nothing that weakens it.
std::string make_settings(const std::string& folder) {
  return fmt::format(
      "listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 64\n"
      "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\n"
      "shared_buffers = 2GB\nmax_wal_size = 16GB\ncheckpoint_timeout = 30min\n"
      "wal_buffers = 64MB\nwal_level = minimal\nmax_wal_senders = 0\nmaintenance_work_mem = 1GB\n",
      folder);
}

}  // namespace

PostgresServer::PostgresServer(std::string programs, std::string folder)
    : programs_(std::move(programs)), folder_(std::move(folder)) {}

Result<std::unique_ptr<PostgresServer>> PostgresServer::start(const std::string& programs,
                                                              const std::string& folder) {
  std::error_code error;
  const std::string path = std::filesystem::absolute(folder, error);
  if (!std::filesystem::create_directory(path, error)) {
    return fail(ErrorCode::io, path + " cannot be made, or exists");
  }
  // initdb takes an empty folder of its user, who may not be able to make one here, nor to pass
  // through the one above.
  std::filesystem::permissions(path, std::filesystem::perms::all, error);
  std::filesystem::permissions(std::filesystem::path(path).parent_path(),
                               std::filesystem::perms::others_exec,
                               std::filesystem::perm_options::add, error);
  const std::string data = path + "/data";
  Status done = run_program({programs + "/initdb", "-D", data, "-U", "thaw", "--auth=trust",
                             "--encoding=UTF8", "--locale=C", "--no-instructions"});
  if (!done) return fail_with(done);
  std::ofstream(data + "/postgresql.conf", std::ios::app) << make_settings(path);
  done = run_program({programs + "/pg_ctl", "-D", data, "-l", path + "/log", "-w", "start"});
  if (!done) return fail_with(done);
  return std::unique_ptr<PostgresServer>(new PostgresServer(programs, path));
}

PostgresServer::~PostgresServer() {
  // Nothing can be done about a server that does not stop.
  (void)run_program({programs_ + "/pg_ctl", "-D", folder_ + "/data", "-m", "fast", "-w", "stop"});
}

std::string PostgresServer::connection() const {
  return fmt::format("host={} user=thaw dbname=postgres", folder_);
}

}  // namespace thaw
