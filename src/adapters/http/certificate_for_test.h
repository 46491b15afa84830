#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace thaw {

/// A self-signed certificate for `subject_alternative_name` ("IP:127.0.0.1") in two files of a
/// folder of its own, gone at the end.
class TestCertificate {
 public:
  explicit TestCertificate(const std::string& subject_alternative_name) {
    std::string folder = (std::filesystem::temp_directory_path() / "thaw-tls-XXXXXX").string();
    EXPECT_NE(::mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  &EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
    sign(certificate.get(), key.get(), subject_alternative_name);
    write(chain(), [&](FILE* file) { return PEM_write_X509(file, certificate.get()); });
    write(private_key(), [&](FILE* file) {
      return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  ~TestCertificate() { std::filesystem::remove_all(folder_); }

  std::string chain() const { return (folder_ / "chain.pem").string(); }
  std::string private_key() const { return (folder_ / "key.pem").string(); }

 private:
  static void sign(X509* certificate, EVP_PKEY* key, const std::string& name) {
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* subject = X509_get_subject_name(certificate);
    const auto* text = reinterpret_cast<const unsigned char*>("thaw test");
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_EXTENSION* extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, name.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    EXPECT_GT(X509_sign(certificate, key, EVP_sha256()), 0);
  }
  template <typename Write>
  static void write(const std::string& path, Write write_to) {
    FILE* file = std::fopen(path.c_str(), "w");
    EXPECT_EQ(write_to(file), 1);
    std::fclose(file);
  }

  std::filesystem::path folder_;
};

}  // namespace thaw
