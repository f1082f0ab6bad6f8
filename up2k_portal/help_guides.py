"""Twelve guides of one screen each: what one wants to do in four to six sentences, and a picture. Pure.

Words between ** stand on the screen as written; a test holds them against the templates.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guide:
    slug: str
    title: str
    steps: tuple[str, ...]
    also: str = ""  # other words by which people look for it
    url_name: str = ""  # of the page that it speaks of, where that needs no key

    @property
    def picture(self) -> str:
        """Below static/; taken by docs/pictures/take_guides.py."""
        return f"panduan/{self.slug}.webp"

    @property
    def words(self) -> str:
        return " ".join((self.title, self.also, *self.steps)).replace("**", "").lower()


GUIDES = (
    Guide(
        "masuk",
        "Masuk dan kata sandi",
        (
            "Isi **Nama pengguna** dengan kode desa, misalnya 63.08.03.2014, lalu **Kata sandi**.",
            "Tombol **Lihat** menampakkan sandi yang sedang diketik.",
            "Tekan **Masuk**. Masuknya bertahan 30 hari di HP itu.",
            "HP dipakai bersama? Tekan **Lainnya**, lalu **Keluar**.",
            "Lupa sandi: tekan **Lupa sandi? WA kabupaten**. Salah sepuluh kali: tunggu 15 menit.",
        ),
        "login akun lupa password terkunci",
        "login",
    ),
    Guide(
        "lembar-setoran",
        "Lembar setoran pertemuan",
        (
            "Di **Beranda** ketuk tugas **Lembar setoran**, pilih kelompok dan tanggalnya, **Buka lembar**.",
            "Satu baris satu anggota. Tagihan, simpanan wajib, dan iurannya sudah terisi.",
            "Membayar pas: **Sesuai tagihan** di barisnya, atau **Bayar sesuai tagihan** untuk semua.",
            "Berbeda: **Lain**, tulis jumlahnya, **Simpan**. Tidak datang: **Tidak hadir**.",
            "Terakhir **Hitung uang**: harus sama dengan jumlah di bawah lembar.",
        ),
        "setoran kolektif pertemuan angsuran bersama tidak hadir",
        "sheet-start",
    ),
    Guide(
        "tanpa-sinyal",
        "Tanpa sinyal dan antrean",
        (
            "Buka lembar setoran satu kali saat masih ada sinyal, sebelum berangkat.",
            "Di pertemuan isi seperti biasa. Yang belum terkirim ditandai menunggu sinyal.",
            "Isian itu aman di HP dan terkirim sendiri begitu ada sinyal. Tidak akan tercatat dua kali.",
            "Di atas halaman tertulis berapa yang menunggu. **Lihat antrean** menunjukkannya satu per satu.",
            "Tidak terkirim juga? **Kirim sekarang**, atau **Simpan cadangan ke berkas**.",
            "Jangan hapus data browser selama masih ada yang menunggu.",
        ),
        "offline luring sinyal antrean menunggu kirim cadangan",
        "queue",
    ),
    Guide(
        "satu-setoran",
        "Mencatat satu setoran",
        (
            "Di **Beranda** tekan **Catat angsuran**, ketuk nama yang membayar.",
            "**Jumlah dibayar** sudah terisi sesuai tagihan. Ubah bila uangnya berbeda.",
            "Cocokkan jumlahnya dengan huruf di bawahnya, lalu **Lanjut: periksa**.",
            "Lihat pembagian jasa, pokok, dan denda. Benar? **Simpan angsuran**.",
            "**Cetak kuitansi** atau **Bagikan ke WhatsApp**.",
        ),
        "angsuran bayar kuitansi denda titipan",
        "payment-pick",
    ),
    Guide(
        "pinjaman-baru",
        "Pinjaman baru",
        (
            "Di **Beranda** tekan **Ajukan pinjaman**, ketuk nama anggota.",
            "Pilih **Produk pinjaman**, isi **Jumlah pinjaman** dan keperluan usahanya.",
            "Tekan **Ajukan pinjaman**. Kartunya menampilkan rencana angsuran.",
            "Sampai batas operator: saat uang diserahkan tekan **Cairkan**.",
            "Di atas batas: tunggu sampai **Disetujui** kecamatan, baru cairkan.",
        ),
        "pencairan pengajuan meminjam jadwal batas",
        "loan-new",
    ),
    Guide(
        "simpanan",
        "Simpanan: menyetor dan menarik",
        (
            "Bersama angsuran, simpanan wajib dan iuran ikut pada bukti yang sama.",
            "Tanpa angsuran: **Anggota**, ketuk namanya, **Setor simpanan**.",
            "**Simpanan wajib** sudah terisi sesuai yang belum disetor.",
            "Menarik: di halaman anggota **Tarik simpanan**, isi jumlahnya, simpan.",
            "Saldo semua anggota ada di **Lainnya**, **Simpanan**.",
        ),
        "tabungan wajib sukarela pokok iuran tarik",
        "saving-list",
    ),
    Guide(
        "hitung-kas",
        "Hitung kas dan tutup bulan",
        (
            "Di **Beranda** ketuk tugas **Hitung kas**.",
            "Tulis berapa lembar tiap pecahan, bukan berapa rupiah.",
            "**Lanjut: bandingkan dengan buku**. Cocok? **Simpan hitungan kas**.",
            "Berbeda? Hitung sekali lagi. Tetap berbeda: tulis **Penjelasan selisih**.",
            "Sesudah bulan berakhir ketuk tugas tutup bulan. Bulan ditutup berurutan.",
        ),
        "selisih uang pecahan tutup buku akhir bulan",
    ),
    Guide(
        "koreksi",
        "Membetulkan yang salah catat",
        (
            "Buka buktinya dari **Angsuran**.",
            "Tekan **Koreksi bukti ini** dan tulis **Alasan koreksi**, paling sedikit 10 huruf.",
            "Tekan **Catat koreksi**, lalu catat lagi yang benar.",
            "Bukti lama tidak hilang: ia tetap ada dengan tanda batal.",
            "Kas pertemuannya sudah dihitung? Sampaikan nomor buktinya kepada kecamatan.",
        ),
        "salah ketik batal hapus ubah bukti",
        "receipt-list",
    ),
    Guide(
        "periksa-ajukan",
        "Periksa & ajukan laporan",
        (
            "Tutup dulu semua bulan di triwulan itu.",
            "Di **Beranda** ketuk tugas **Periksa & ajukan**.",
            "**Harus diperbaiki**: betulkan catatannya. **Perlu dijelaskan**: isi satu kalimat.",
            "Baca angkanya, tulis **Nama penanda tangan**, tekan **Ajukan**.",
            "Dikembalikan? Catatannya muncul di **Beranda**. Perbaiki, lalu ajukan lagi.",
        ),
        "laporan triwulan nihil dikembalikan tenggat",
        "report-board",
    ),
    Guide(
        "cetak-unduh",
        "Cetak dan unduh buku",
        (
            "Di **Beranda** ketuk tugas **Cetak arsip**, atau di halaman kelompok **Cetak & unduh**.",
            "Ketuk nama bukunya untuk membacanya di layar.",
            "Bulan lain: pilih, lalu **Tampilkan**.",
            "Tekan **Cetak**. Kertasnya F4; ingin A4, pilih dulu.",
            "**Excel** mengunduh buku yang sama, jumlahnya rumus.",
        ),
        "print buku kas arsip excel kertas pdf",
    ),
    Guide(
        "impor-excel",
        "Memasukkan data dari Excel",
        (
            "**Lainnya**, **Impor Excel**: unduh templat yang sudah berisi data desa.",
            "Isi di Excel, juga tanpa sinyal. Jangan ubah judul kolomnya.",
            "**Unggah dan periksa**. Belum ada yang disimpan: baca dulu yang baru, diubah, dan ditolak.",
            "Yang ditolak disebut baris, kolom, dan contoh benarnya. Perbaiki, unggah lagi.",
            "Benar? Simpan. Keliru? **Batalkan impor**. Dua kali mengirim tidak menggandakan.",
        ),
        "import upload unggah tempel template nik",
        "imports",
    ),
    Guide(
        "serah-terima",
        "Serah terima dan berlatih",
        (
            "Bendahara atau ketua berganti: halaman kelompok, **Serah terima pengurus**.",
            "Desa menekan **Cetak rancangan berita acara** dan mengumpulkan buku.",
            "Kecamatan mencatatnya bersama yang menyerahkan dan yang menerima.",
            "Akun pengurus lama ditutup; yang baru dibuat admin kabupaten.",
            "Pengurus baru berlatih dulu: keluar, lalu **Coba dulu di Desa Latihan**.",
        ),
        "ganti pengurus bendahara latihan mencoba akun baru",
    ),
)
BY_SLUG = {guide.slug: guide for guide in GUIDES}


def find(asked: str) -> list[Guide]:
    """The guides that hold every word asked for; all of them for none."""
    words = asked.lower().split()
    return [guide for guide in GUIDES if all(word in guide.words for word in words)]
